"""What a path below a provider means, and that none leads out of what the provider lists."""

import re
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.test_router import SMALL, config, provider
from tollhouse.config.endpoints import covers
from tollhouse.errors import Forbidden, InvalidRequest, NotFound
from tollhouse.generated.operations import OPERATIONS
from tollhouse.passage import Passage, Payload, find, model_of, names_object, priced, safe_path, safe_query

ID = "resp_68af4030592c81938ec0a5fbab4a3e9f"
ENDPOINTS = (
    "chat/completions",
    "chat/completions/*",
    "responses",
    "responses/*",
    "files",
    "files/*",
    "audio/*",
    "jobs",
)
CONFIG = config(
    provider(
        "a",
        SMALL,
        endpoints=ENDPOINTS,
        free_endpoints=("jobs",),
        shared_endpoints=("files",),
        default_models=MappingProxyType({"audio/speech": "small"}),
    ),
    provider("b", dialect="anthropic", endpoints=("*",)),
)


def passage(endpoint: str, method: str = "POST", name: str = "a", query: bytes = b"") -> Passage:
    return find(CONFIG, OPERATIONS["post_provider_endpoint"], method, name, endpoint, query)


def payload(content_type: str | None = "application/json", **fields: Any) -> Payload:
    return Payload(content_type, fields, lambda model: b"")


def billing(endpoint: str, method: str = "POST", **fields: Any) -> str:
    return priced(passage(endpoint, method), payload(**fields)).billing


# Paths

PIECES = [
    "..",
    ".",
    "%2e%2e",
    "%252e",
    "%2f",
    "@",
    "evil.example",
    "//",
    "\\",
    "\x00",
    ";",
    "?x=1",
    "#",
    "v1",
    "chat",
    "completions",
    "responses",
    "files",
    "ａ",
    "．．",
    "%",
    "a:b",
    ":80",
    "~",
    "...",
    "*",
]
PIECES += ["", " ", "\r\n"]
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(max_size=8),
    ),
    max_size=6,
).map("/".join)


@given(HOSTILE, st.sampled_from(["a", "b"]), st.sampled_from(["GET", "POST", "DELETE"]))
@example("v1/../../admin", "b", "POST")
def test_no_path_leads_out_of_the_base_url_and_the_listed_endpoints(endpoint: str, name: str, method: str) -> None:
    for once_more in (endpoint, unquote(endpoint), unquote(unquote(endpoint)), quote(endpoint)):
        try:
            url = passage(once_more, method, name).url
        except (NotFound, Forbidden):
            continue
        parts = urlsplit(url)
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("https", "example.com", "", "")
        assert url == unquote(url) == f"https://example.com{parts.path}" and parts.path.startswith("/v1/")
        segments = parts.path.split("/")[2:]
        assert all(re.fullmatch(r"[A-Za-z0-9._~:-]+", segment) and segment.strip(".") for segment in segments)
        assert covers(CONFIG.providers[name].endpoints, "/".join(segments))


@pytest.mark.parametrize(
    "endpoint",
    ["", "/", "files/", "/files", "a//b", "a/../b", "a/./b", "..", "...", "a/%2e%2e", "a%2fb", "a@b", "a\\b", "a\0", "a;b",
     "a?b", "a#b", "a b", "é", "a/\n", "a\n", "a" * 257, "v1/", "v1/v1/../x"],
)  # fmt: skip
def test_a_path_that_could_mean_something_else_is_none(endpoint: str) -> None:
    assert safe_path(endpoint) is None


@pytest.mark.parametrize(
    ("endpoint", "path"),
    [("v1/messages", "messages"), ("v1/v1/messages", "v1/messages"), ("v1", "v1"), ("models/ft:gpt-4o:a~b", "models/ft:gpt-4o:a~b")],
)  # fmt: skip
def test_one_leading_version_is_left_out(endpoint: str, path: str) -> None:
    assert safe_path(endpoint) == path


def test_what_a_provider_does_not_list_is_not_found_and_the_list_is_told() -> None:
    with pytest.raises(NotFound, match="no provider 'c'"):
        passage("files", name="c")
    with pytest.raises(NotFound, match="there is: chat/completions, chat/completions/\\*, responses"):
        passage("fine_tuning/jobs")


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (b"", ""),
        (b"limit=2&after=x", "?limit=2&after=x"),
        (b"api_key=s&KEY=s&token=s&a=1&%61pi_key=s", "?a=1"),
        (b"a=%0d%0ax: y&b=\xff", "?a=%0D%0Ax%3A%20y&b=%C3%BF"),
        (b"a=/../..//@x#y", "?a=%2F..%2F..%2F%2F%40x%23y"),
        (b"api_key=s", ""),
    ],
)
def test_a_query_goes_up_without_credentials_written_anew(query: bytes, kept: str) -> None:
    assert safe_query(query) == kept


# What belongs to whom


def test_an_endpoint_that_is_not_listed_is_named_as_it_would_be() -> None:
    with pytest.raises(NotFound, match="has no endpoint 'messages/count_tokens' here"):
        passage("v1/messages/count_tokens")


@pytest.mark.parametrize("endpoint", [ID, f"responses/{ID}/input_items", "files/file-3bhGkxlo4XFrqiabUM7NDt/content",
                                      "x/0b8a2c2e-0b51-4b7e-9c7c-0b8a2c2e0b51"])  # fmt: skip
def test_an_id_that_nobody_can_guess_names_an_object(endpoint: str) -> None:
    assert names_object(endpoint)


@pytest.mark.parametrize(
    "endpoint", ["responses", "files/1", "jobs/2024-01-01", "responses/resp_1", "threads/my-own-thread"]
)
def test_a_word_or_a_number_does_not(endpoint: str) -> None:
    assert not names_object(endpoint)


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
@pytest.mark.parametrize("endpoint", ["responses", "chat/completions", "responses/1", "jobs"])
def test_looking_around_in_what_others_made_is_forbidden(method: str, endpoint: str) -> None:
    with pytest.raises(Forbidden, match="shared_endpoints"):
        passage(endpoint, method)


def test_what_is_shared_can_be_read_and_not_deleted() -> None:
    assert passage("files", "GET").endpoint == "files"
    assert passage("models", "GET", "b").endpoint == "models"
    assert passage(f"files/{ID}", "DELETE").endpoint == f"files/{ID}"
    for endpoint, name in (("files", "a"), ("models/ft:mine", "b")):
        with pytest.raises(Forbidden):
            passage(endpoint, "DELETE", name)


# What it is, and what it costs


def test_what_the_contract_knows_is_the_same_operation_below_a_provider_of_its_dialect() -> None:
    assert passage("chat/completions").operation is OPERATIONS["create_chat_completion"]
    assert passage("v1/messages", name="b").operation is OPERATIONS["create_message"]
    assert passage("messages/count_tokens", name="b").operation is OPERATIONS["count_message_tokens"]
    assert not passage("chat/completions", name="b").known
    assert not passage(f"chat/completions/{ID}").known


@pytest.mark.parametrize(
    ("endpoint", "method"),
    [(f"responses/{ID}", "GET"), (f"responses/{ID}", "DELETE"), ("files", "POST"), ("responses/input_tokens", "POST"),
     (f"responses/{ID}/cancel", "POST"), (f"chat/completions/{ID}", "POST"), ("jobs", "PUT"), ("jobs", "POST")],
)  # fmt: skip
def test_what_makes_nothing_is_free(endpoint: str, method: str) -> None:
    assert billing(endpoint, method) == "free"


@pytest.mark.parametrize(
    "endpoint", ["audio/speech", "responses/compact", "responses/resp_1/cancel", "chat/completions/x"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_everything_else_is_metered(endpoint: str, method: str) -> None:
    assert billing(endpoint, method) == "metered"


def test_a_call_that_names_a_model_is_not_free_because_of_its_path() -> None:
    assert billing(f"chat/completions/{ID}", model="small") == "metered"
    assert billing("responses/input_tokens", model="small") == "free"


def named(call: Passage, given: Payload) -> str:
    return model_of(call, given, priced(call, given))


def test_the_model_is_that_of_the_body_else_the_providers_default() -> None:
    assert named(passage("audio/x"), payload(model="small")) == "small"
    assert named(passage("audio/speech"), payload()) == "small"
    assert named(passage("files"), payload()) == ""


@pytest.mark.parametrize(
    ("endpoint", "query", "given"),
    [
        ("audio/x", b"", payload()),
        ("audio/speech", b"", payload("multipart/form-data; boundary=x")),
        ("audio/x", b"", payload(model=5)),
        ("audio/x", b"", payload(model="")),
        ("audio/x", b"model=dear", payload(model="small")),
        ("files", b"", payload(model=["small"])),
    ],
)
def test_a_call_that_cannot_be_priced_says_how_it_could(endpoint: str, query: bytes, given: Payload) -> None:
    with pytest.raises(InvalidRequest, match=r"free_endpoints.*providers\.yaml"):
        named(passage(endpoint, query=query), given)
