"""Fixtures that every test may use."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway import Gateway
from tests.upstream import ScriptedUpstream


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
