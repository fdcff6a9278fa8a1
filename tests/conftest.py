"""Fixtures that every test may use."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.gateway import Gateway
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
