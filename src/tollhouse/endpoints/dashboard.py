"""The page of an account's holder: signing in by link, the keys, signing out. All of it goes through the account API."""

from tollhouse.endpoints.context import Reply, Request, Services, Text
from tollhouse.endpoints.docs import mount_of
from tollhouse.web.pages import HTML, PAGE_HEADERS


async def get_dashboard(services: Services, request: Request) -> Reply:
    assert request.mount is not None, "routed"
    accounts = mount_of(request.listener, "account")
    page = services.pages.render("dashboard.html", request.mount.at, api=accounts.at if accounts is not None else None)
    return Text(page, HTML, {**PAGE_HEADERS, "cache-control": "no-store"})
