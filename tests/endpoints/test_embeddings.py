"""Embeddings are relayed to the embeddings endpoint of the provider."""

import base64
import struct

from tests.gateway import bearer
from tests.served import Served


def test_an_input_goes_up_and_vectors_come_in_the_encoding_that_was_asked_for(served: Served, key: str) -> None:
    body = {"model": "embed-test", "input": ["a", "b"], "encoding_format": "base64"}
    response = served.client.post("/v1/embeddings", json=body, headers=bearer(key))
    assert response.status_code == 200
    vector = base64.b64decode(response.json()["data"][0]["embedding"])
    assert struct.unpack("<2f", vector) == (0.5, -0.25)
    assert served.upstream.requests[-1].path == "/v1/embeddings"
