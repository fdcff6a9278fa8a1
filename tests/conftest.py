"""Fixtures that every test may use."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from tests.gateway import Gateway
from tests.relaying import Relaying, relaying
from tests.translating import Translating, translating
from tests.upstream import ScriptedUpstream

# The same examples in every run: a red run is a change's fault, and time on a shared machine is no verdict.
settings.register_profile("tollhouse", derandomize=True, deadline=None)
settings.load_profile("tollhouse")


@pytest.fixture
async def upstream() -> AsyncIterator[ScriptedUpstream]:
    """A scripted provider in this event loop."""
    async with ScriptedUpstream() as scripted:
        yield scripted


@pytest.fixture
async def gateway(tmp_path: Path, upstream: ScriptedUpstream) -> AsyncIterator[Gateway]:
    """A gateway with the scripted provider behind it, in both dialects."""
    async with Gateway(tmp_path, upstream.url) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Relaying]:
    """One gateway with two providers in a pool, for all tests of a file that runs in one event loop."""
    async with relaying(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture
def way(shared: Relaying) -> Relaying:
    """The shared gateway, with providers that are well and have seen nothing."""
    shared.forget()
    return shared


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared_draining(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Relaying]:
    """The same with providers that say `on_disconnect: drain`."""
    async with relaying(tmp_path_factory.mktemp("gateway"), on_disconnect="drain") as running:
        yield running


@pytest.fixture
def draining(shared_draining: Relaying) -> Relaying:
    """The draining gateway, with providers that are well and have seen nothing."""
    shared_draining.forget()
    return shared_draining


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared_vendors(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Translating]:
    """One gateway whose models each speak one vendor's format."""
    async with translating(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture
def vendors(shared_vendors: Translating) -> Iterator[Translating]:
    """The same with vendors that are well and have seen nothing; in the end nothing was asked that is not their format."""
    shared_vendors.forget()
    yield shared_vendors
    assert shared_vendors.gpt.wrong == [] and shared_vendors.claude.wrong == []


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared_draining_vendors(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Translating]:
    """The same where the providers say `on_disconnect: drain`."""
    async with translating(tmp_path_factory.mktemp("gateway"), on_disconnect="drain") as running:
        yield running


@pytest.fixture
def draining_vendors(shared_draining_vendors: Translating) -> Translating:
    """The same with vendors that are well and have seen nothing."""
    shared_draining_vendors.forget()
    return shared_draining_vendors
