"""Who signed in."""

from tests.gateway import bearer
from tests.served import Served


def test_a_profile_is_that_of_the_session(served: Served) -> None:
    first, first_id = served.session(), served.account_id
    second, second_id = served.session(), served.account_id
    for token, account in ((first, first_id), (second, second_id)):
        profile = served.client.get("/api/user/profile", headers=bearer(token)).json()
        shown = served.admin.get(f"/accounts/{account}").json()
        assert profile == {"id": account, "address": None, "created_at": shown["created_at"]}


def test_without_a_session_there_is_none(served: Served) -> None:
    answer = served.client.get("/api/user/profile")
    assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
    key = served.key()
    for headers in (bearer(key), {"x-api-key": key}, {"api-key": key}):
        refused = served.client.get("/api/user/profile", headers=headers)
        assert refused.status_code == 401 and "not an API key" in refused.json()["detail"]
    session = served.session(served.account_id)
    refused = served.client.get("/api/v1/models", headers=bearer(session))
    assert refused.status_code == 401 and "session" in refused.json()["detail"]
