"""The ledger through the admin API: one row per request, its own writes visible, in pages."""

import pytest

from tests.gateway import bearer, chat
from tests.served import Served


def test_a_request_is_there_as_soon_as_it_was_answered(served: Served, key: str) -> None:
    response = served.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    [row] = served.admin.get("/ledger", params={"request": response.headers["x-request-id"]}).json()["rows"]
    assert (row["state"], row["operation"], row["provider"]) == ("posted", "create_chat_completion", "scripted")
    assert (row["input_tokens"], row["output_tokens"], row["cost_usd"]) == (11, 7, "0.000025")
    assert row["stream"] is False and row["attempts"] == [] and row["settled_at"] >= row["created_at"]


def test_pages_go_back_in_time_without_gaps(served: Served, key: str) -> None:
    for _ in range(5):
        served.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    account = served.admin.get("/ledger", params={"limit": 1}).json()["rows"][0]["account"]
    every = served.admin.get("/ledger", params={"account": account}).json()["rows"]
    paged, before = [], None
    while True:
        query = {"account": account, "limit": 2, **({"before": before} if before else {})}
        page = served.admin.get("/ledger", params=query).json()
        paged += page["rows"]
        before = page["next_before"]
        if before is None:
            break
    assert [row["request_id"] for row in paged] == [row["request_id"] for row in every]
    assert [row["created_at"] for row in paged] == sorted((row["created_at"] for row in paged), reverse=True)


@pytest.mark.parametrize("before", ["x", "-1", "1.5", "٣", "9" * 19, ""])
def test_a_cursor_that_is_none_is_refused(served: Served, before: str) -> None:
    assert served.admin.get("/ledger", params={"before": before}).status_code == 400


def test_an_unknown_account_is_404_and_an_unknown_request_is_no_rows(served: Served) -> None:
    assert served.admin.get("/ledger", params={"account": "nobody"}).status_code == 404
    assert served.admin.get("/ledger", params={"request": "req_nope"}).json() == {"rows": [], "next_before": None}
