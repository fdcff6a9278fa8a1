"""ParcelsResource. Generated; do not edit."""

from __future__ import annotations

from typing import Any, Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.transport import Transport


class ParcelsResource:
    """ParcelsResource."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> ParcelsResourceWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return ParcelsResourceWithRawResponse(self._transport)

    def post_bytes(self, **given: Unpack[params.PostBytesParams]) -> bytes | dict[str, str]:
        """post_bytes."""
        return self._transport.call(_operations.POST_BYTES, given)

    def post_form(self, **given: Unpack[params.PostFormParams]) -> types.PostFormResponse:
        """post_form."""
        return self._transport.call(_operations.POST_FORM, given)

    def post_list(self, **given: Unpack[params.PostListParams]) -> int:
        """post_list."""
        return self._transport.call(_operations.POST_LIST, given)

    def post_text(self, **given: Unpack[params.PostTextParams]) -> str:
        """post_text."""
        return self._transport.call(_operations.POST_TEXT, given)

    def post_upload(self, **given: Unpack[params.PostUploadParams]) -> Any:
        """post_upload."""
        return self._transport.call(_operations.POST_UPLOAD, given)

    def put_json(self, **given: Unpack[params.PutJsonParams]) -> None:
        """put_json."""
        return self._transport.call(_operations.PUT_JSON, given)


class ParcelsResourceWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def post_bytes(self, **given: Unpack[params.PostBytesParams]) -> RawResponse[bytes | dict[str, str]]:
        """post_bytes."""
        return self._transport.call_raw(_operations.POST_BYTES, given)

    def post_form(self, **given: Unpack[params.PostFormParams]) -> RawResponse[types.PostFormResponse]:
        """post_form."""
        return self._transport.call_raw(_operations.POST_FORM, given)

    def post_list(self, **given: Unpack[params.PostListParams]) -> RawResponse[int]:
        """post_list."""
        return self._transport.call_raw(_operations.POST_LIST, given)

    def post_text(self, **given: Unpack[params.PostTextParams]) -> RawResponse[str]:
        """post_text."""
        return self._transport.call_raw(_operations.POST_TEXT, given)

    def post_upload(self, **given: Unpack[params.PostUploadParams]) -> RawResponse[Any]:
        """post_upload."""
        return self._transport.call_raw(_operations.POST_UPLOAD, given)

    def put_json(self, **given: Unpack[params.PutJsonParams]) -> RawResponse[None]:
        """put_json."""
        return self._transport.call_raw(_operations.PUT_JSON, given)


class AsyncParcelsResource:
    """ParcelsResource."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncParcelsResourceWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncParcelsResourceWithRawResponse(self._transport)

    async def post_bytes(self, **given: Unpack[params.PostBytesParams]) -> bytes | dict[str, str]:
        """post_bytes."""
        return await self._transport.call(_operations.POST_BYTES, given)

    async def post_form(self, **given: Unpack[params.PostFormParams]) -> types.PostFormResponse:
        """post_form."""
        return await self._transport.call(_operations.POST_FORM, given)

    async def post_list(self, **given: Unpack[params.PostListParams]) -> int:
        """post_list."""
        return await self._transport.call(_operations.POST_LIST, given)

    async def post_text(self, **given: Unpack[params.PostTextParams]) -> str:
        """post_text."""
        return await self._transport.call(_operations.POST_TEXT, given)

    async def post_upload(self, **given: Unpack[params.PostUploadParams]) -> Any:
        """post_upload."""
        return await self._transport.call(_operations.POST_UPLOAD, given)

    async def put_json(self, **given: Unpack[params.PutJsonParams]) -> None:
        """put_json."""
        return await self._transport.call(_operations.PUT_JSON, given)


class AsyncParcelsResourceWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def post_bytes(self, **given: Unpack[params.PostBytesParams]) -> RawResponse[bytes | dict[str, str]]:
        """post_bytes."""
        return await self._transport.call_raw(_operations.POST_BYTES, given)

    async def post_form(self, **given: Unpack[params.PostFormParams]) -> RawResponse[types.PostFormResponse]:
        """post_form."""
        return await self._transport.call_raw(_operations.POST_FORM, given)

    async def post_list(self, **given: Unpack[params.PostListParams]) -> RawResponse[int]:
        """post_list."""
        return await self._transport.call_raw(_operations.POST_LIST, given)

    async def post_text(self, **given: Unpack[params.PostTextParams]) -> RawResponse[str]:
        """post_text."""
        return await self._transport.call_raw(_operations.POST_TEXT, given)

    async def post_upload(self, **given: Unpack[params.PostUploadParams]) -> RawResponse[Any]:
        """post_upload."""
        return await self._transport.call_raw(_operations.POST_UPLOAD, given)

    async def put_json(self, **given: Unpack[params.PutJsonParams]) -> RawResponse[None]:
        """put_json."""
        return await self._transport.call_raw(_operations.PUT_JSON, given)
