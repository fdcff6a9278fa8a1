"""What every model costs, for everybody: a page, and the same as JSON."""

import orjson

from tollhouse.endpoints.context import Reply, Request, Services, Text
from tollhouse.times import DAY_US, format_day, now_us
from tollhouse.web.negotiation import preferred
from tollhouse.web.pages import HTML, PAGE_HEADERS
from tollhouse.web.prices import price_list

JSON = "application/json"


async def get_pricing(services: Services, request: Request, *, format: str | None = None) -> Reply:
    assert request.mount is not None, "routed"
    prices = price_list(request.config, request.router, format_day(now_us() // DAY_US))
    headers = {**PAGE_HEADERS, "vary": "accept"}
    wanted = {"html": HTML, "json": JSON}[format] if format else preferred(request.accept, ("text/html", JSON))
    written = orjson.dumps(prices)
    if wanted == JSON:
        return Text(written, JSON, headers)
    return Text(services.pages.render_once("pricing.html", request.mount.at, written, prices=prices), HTML, headers)
