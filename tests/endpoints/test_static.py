"""Files of pages: those of the package and no others, kept by clients for as long as they are the same."""

import httpx
import pytest

from tests.served import Served, get
from tollhouse.web.pages import Pages

VERSION = Pages().assets["site.css"].version


@pytest.mark.parametrize("name", sorted(Pages().assets))
def test_every_file_is_served_as_what_it_is(served: Served, name: str) -> None:
    response, asset = served.client.get(f"/static/{name}"), Pages().assets[name]
    assert (response.status_code, response.headers["content-type"]) == (200, asset.content_type)
    assert response.content == asset.content and response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "../pages.py", "..%2fpages.py", "%2e%2e/pages.py", "swagger-ui/../../pages.py", "swagger-ui/../site.css", "/etc/passwd",
        "%2fetc%2fpasswd", "site.css%00", "site.css/", "./site.css", "swagger-ui", "swagger-ui/", "..\\pages.py", "", "SITE.CSS",
        "../templates/docs.html", "....//pages.py",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(served: Served, path: str) -> None:
    with served.wire() as wire:
        wire.send(get(f"/static/{path}"))
        response = wire.response()
    assert response.status == 404 and b"import" not in response.body


def test_a_page_names_a_version_that_may_be_kept_for_ever(served: Served) -> None:
    kept = served.client.get("/static/site.css", params={"v": VERSION}).headers["cache-control"]
    assert kept == "public, max-age=31536000, immutable"
    for other in ({}, {"v": "0" * 16}):
        assert served.client.get("/static/site.css", params=other).headers["cache-control"] == "no-cache"
    assert f"/static/site.css?v={VERSION}" in served.client.get("/docs").text


@pytest.mark.parametrize("sent", [f'"{VERSION}"', f'W/"{VERSION}"', f'"x", "{VERSION}"', "*"])
def test_who_has_the_file_is_not_sent_it_again(served: Served, sent: str) -> None:
    response = served.client.get("/static/site.css", headers={"if-none-match": sent})
    assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", f'"{VERSION}"')
    assert served.client.get("/static/site.css").status_code == 200, "the connection goes on"


@pytest.mark.parametrize("sent", [VERSION, '"0"', ""])
def test_who_has_another_file_is_sent_this_one(served: Served, sent: str) -> None:
    assert served.client.get("/static/site.css", headers={"if-none-match": sent}).status_code == 200


def test_a_head_has_the_length_and_no_file(served: Served) -> None:
    whole, head = served.client.get("/static/site.css"), served.client.head("/static/site.css")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))


def test_other_listeners_have_no_pages(served: Served) -> None:
    responses: list[httpx.Response] = [
        served.openproxy.get(path) for path in ("/static/site.css", "/docs", "/docs/pricing")
    ]
    assert [each.status_code for each in responses] == [404] * 3
