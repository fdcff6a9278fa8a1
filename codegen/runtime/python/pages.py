"""Pages of a list: each is its own body, and iterating over one goes on through all that follow."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Generic, cast

import httpx

from .answers import request_id_of, result_of
from .operations import Pages, PartT, ResultT


class _Page(Generic[PartT, ResultT]):
    """What a page knows without asking."""

    def __init__(self, response: httpx.Response, pages: Pages) -> None:
        self.http_response = response
        self._pages = pages
        self._body: dict[str, Any] = result_of(response)

    @property
    def body(self) -> ResultT:
        """The whole body of this page."""
        return cast(ResultT, self._body)

    @property
    def items(self) -> list[PartT]:
        """The items on this page."""
        return cast(list[PartT], self._body.get(self._pages.items) or [])

    @property
    def request_id(self) -> str | None:
        """The server's id of this page's request, where it gave one."""
        return request_id_of(self.http_response)

    @property
    def has_next(self) -> bool:
        """Whether there is another page."""
        more = self._pages.more is None or bool(self._body.get(self._pages.more))
        return more and self._body.get(self._pages.next) is not None

    @property
    def _next(self) -> dict[str, Any]:
        return {self._pages.argument: self._body[self._pages.next]}


class Page(_Page[PartT, ResultT]):
    """A page of a list. Iterating goes through its items, then fetches the next page, until the last."""

    def __init__(
        self, response: httpx.Response, pages: Pages, follow: Callable[[dict[str, Any]], "Page[PartT, ResultT]"]
    ) -> None:
        super().__init__(response, pages)
        self._follow = follow

    def next_page(self) -> "Page[PartT, ResultT] | None":
        """The page that follows; None after the last."""
        return self._follow(self._next) if self.has_next else None

    def __iter__(self) -> Iterator[PartT]:
        page: Page[PartT, ResultT] | None = self
        while page is not None:
            yield from page.items
            page = page.next_page()


class AsyncPage(_Page[PartT, ResultT]):
    """A page of a list. Iterating goes through its items, then fetches the next page, until the last."""

    def __init__(
        self,
        response: httpx.Response,
        pages: Pages,
        follow: Callable[[dict[str, Any]], Awaitable["AsyncPage[PartT, ResultT]"]],
    ) -> None:
        super().__init__(response, pages)
        self._follow = follow

    async def next_page(self) -> "AsyncPage[PartT, ResultT] | None":
        """The page that follows; None after the last."""
        return await self._follow(self._next) if self.has_next else None

    async def __aiter__(self) -> AsyncIterator[PartT]:
        page: AsyncPage[PartT, ResultT] | None = self
        while page is not None:
            for item in page.items:
                yield item
            page = await page.next_page()
