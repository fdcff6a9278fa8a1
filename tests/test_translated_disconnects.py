"""Clients that leave a translated stream whose provider says `on_disconnect: drain`: it is read on for its real usage."""

import asyncio
from typing import Any

import pytest

from tests.leaving import until
from tests.test_translated_failures import TEXT, Side, begun, broken, every_side, told
from tests.translating import Translating, Vendor, completion, message
from tests.upstream import Connection, Reply, Request, finish, frame, hang, reset
from tollhouse import streaming

pytestmark = pytest.mark.asyncio(loop_scope="module")


def goes_on(vendor: Vendor, gone: asyncio.Event, frames: list[bytes], end: Reply = finish) -> Reply:
    """A stream that tells TEXT, waits until its client is gone, and then sends these frames and ends so."""

    async def rest(request: Request, connection: Connection) -> None:
        await gone.wait()
        for each in frames:
            await connection.piece(each)
            await asyncio.sleep(0.01)
        await end(request, connection)

    return begun(vendor, rest)


def last(vendor: Vendor) -> list[bytes]:
    """The frames of a stream after its text, with its usage: 11 tokens in and 7 out."""
    chat = vendor.format == "chat"
    frames = vendor.frames(completion("") if chat else message({"type": "text", "text": ""}))
    return frames[1:] if chat else frames[3:]


async def left(vendors: Translating, side: Side, gone: asyncio.Event) -> None:
    """Ask, leave after the first text, and wait until upstream's turn is over."""
    async with side.raw(vendors) as chunks:
        received = b""
        while TEXT.encode() not in received:
            received += await anext(chunks)
    await asyncio.sleep(0.05)  # the gateway has noticed it
    gone.set()
    await until(lambda: not vendors.gateway.app.services.relay.means.ledger.open_holds)


@every_side
async def test_leaving_a_translated_stream_that_is_drained_charges_its_real_usage(
    draining_vendors: Translating, side: Side
) -> None:
    vendor, gone = side.vendor(draining_vendors), asyncio.Event()
    vendor.reply(goes_on(vendor, gone, [told(vendor, "more"), *last(vendor)]))
    await left(draining_vendors, side, gone)
    await draining_vendors.assert_charged(side.model, (11, 7, 0))
    assert vendor.upstream.requests[0].closed_at is None, "it was read to its end"


@every_side
async def test_what_cannot_be_translated_does_not_end_a_drain(draining_vendors: Translating, side: Side) -> None:
    """Nobody is there any more to whom it cannot be told, and the provider counts on."""
    vendor, gone = side.vendor(draining_vendors), asyncio.Event()
    vendor.reply(goes_on(vendor, gone, [broken(vendor, "y"), *last(vendor)]))
    await left(draining_vendors, side, gone)
    await draining_vendors.assert_charged(side.model, (11, 7, 0))


@every_side
async def test_a_drain_ends_with_an_error_of_the_provider(draining_vendors: Translating, side: Side) -> None:
    vendor, gone = side.vendor(draining_vendors), asyncio.Event()
    error: dict[str, Any] = {"error": {"type": "overloaded_error", "message": "Overloaded"}}
    sent = frame(error) if vendor.format == "chat" else frame({"type": "error", **error}, "error")
    vendor.reply(goes_on(vendor, gone, [told(vendor, TEXT), sent], end=hang))
    await left(draining_vendors, side, gone)
    row = await draining_vendors.row()
    assert (row["state"], row["output_tokens"], row["usage_source"]) == ("posted", 20, "estimated")


@every_side
@pytest.mark.parametrize("silent", [True, False])
async def test_a_translated_drain_that_comes_to_no_end_is_charged_for_what_came(
    draining_vendors: Translating, side: Side, monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    monkeypatch.setattr(streaming, "DRAIN_S", 0.3)
    vendor, gone = side.vendor(draining_vendors), asyncio.Event()
    vendor.reply(goes_on(vendor, gone, [told(vendor, TEXT)], end=hang if silent else reset))
    await left(draining_vendors, side, gone)
    row = await draining_vendors.row()
    assert (row["state"], row["output_tokens"], row["usage_source"]) == ("posted", 20, "estimated")


@every_side
async def test_leaving_a_stream_that_broke_in_translation_costs_what_was_told(
    draining_vendors: Translating, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that stays pays for no more than that either, so there is nothing to read on for."""
    vendor, broke, gone = side.vendor(draining_vendors), asyncio.Event(), asyncio.Event()
    read = streaming.MeteredStream.read

    async def read_until_it_breaks(stream: streaming.MeteredStream) -> bytes | None:
        chunk = await read(stream)
        if stream._last is not None:
            broke.set()
            await asyncio.Event().wait()  # until the client has left
        return chunk

    monkeypatch.setattr(streaming.MeteredStream, "read", read_until_it_breaks)

    async def rest(request: Request, connection: Connection) -> None:
        await gone.wait()
        await connection.piece(told(vendor, "z" * 400) + b"".join(last(vendor)))
        await connection.finish()

    vendor.reply(begun(vendor, rest, told(vendor, TEXT) + broken(vendor, "y" * 400)))
    async with side.raw(draining_vendors):
        await broke.wait()
    await asyncio.sleep(0.05)  # the gateway has noticed that the client is gone
    gone.set()
    await until(lambda: not draining_vendors.gateway.app.services.relay.means.ledger.open_holds)
    row = await draining_vendors.row()
    assert (row["state"], row["output_tokens"], row["usage_source"]) == ("posted", 20, "estimated")
