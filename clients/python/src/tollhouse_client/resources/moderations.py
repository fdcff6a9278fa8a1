"""What may be harmful. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.transport import Transport


class Moderations:
    """What may be harmful."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> ModerationsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return ModerationsWithRawResponse(self._transport)

    def create_moderation(self, **given: Unpack[params.CreateModerationParams]) -> types.Moderation:
        """Classify texts and images. Says whether texts or images may be harmful, and in which way. Without a `model`
        the default of a provider is used: the first whose `default_models` in `providers.yaml` names one for
        `moderations`. Providers hardly ever count the tokens of moderations, so the input is estimated, and charged at
        the model's input price, which is 0 for most of them.
        """
        return self._transport.call(_operations.CREATE_MODERATION, given)


class ModerationsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_moderation(self, **given: Unpack[params.CreateModerationParams]) -> RawResponse[types.Moderation]:
        """Classify texts and images. Says whether texts or images may be harmful, and in which way. Without a `model`
        the default of a provider is used: the first whose `default_models` in `providers.yaml` names one for
        `moderations`. Providers hardly ever count the tokens of moderations, so the input is estimated, and charged at
        the model's input price, which is 0 for most of them.
        """
        return self._transport.call_raw(_operations.CREATE_MODERATION, given)


class AsyncModerations:
    """What may be harmful."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncModerationsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncModerationsWithRawResponse(self._transport)

    async def create_moderation(self, **given: Unpack[params.CreateModerationParams]) -> types.Moderation:
        """Classify texts and images. Says whether texts or images may be harmful, and in which way. Without a `model`
        the default of a provider is used: the first whose `default_models` in `providers.yaml` names one for
        `moderations`. Providers hardly ever count the tokens of moderations, so the input is estimated, and charged at
        the model's input price, which is 0 for most of them.
        """
        return await self._transport.call(_operations.CREATE_MODERATION, given)


class AsyncModerationsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_moderation(self, **given: Unpack[params.CreateModerationParams]) -> RawResponse[types.Moderation]:
        """Classify texts and images. Says whether texts or images may be harmful, and in which way. Without a `model`
        the default of a provider is used: the first whose `default_models` in `providers.yaml` names one for
        `moderations`. Providers hardly ever count the tokens of moderations, so the input is estimated, and charged at
        the model's input price, which is 0 for most of them.
        """
        return await self._transport.call_raw(_operations.CREATE_MODERATION, given)
