"""What tests of this folder share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.bot.processes import Processes, processes


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def parent() -> AsyncIterator[Processes]:
    """Starts bots as processes; it imports everything once, which takes seconds."""
    async with processes() as made:
        yield made
