"""The files that pages need."""

from tollhouse.endpoints.context import Reply, Request, Services, Text
from tollhouse.errors import NotFound


async def get_static_file(services: Services, request: Request, *, file: str, version: str | None = None) -> Reply:
    asset = services.pages.assets.get(file)
    if asset is None:
        raise NotFound(f"There is no file {file[:100]}.")
    return Text(asset.content, asset.content_type, asset.headers(version))
