"""Runs an application's lifespan (ASGI, lifespan 2.0) within that of another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp, Message


@asynccontextmanager
async def running(app: ASGIApp) -> AsyncIterator[None]:
    """Start an application, and shut it down in the end."""
    told: asyncio.Queue[Message] = asyncio.Queue()
    heard: asyncio.Queue[Message] = asyncio.Queue()
    task = asyncio.create_task(_live(app, told, heard))
    told.put_nowait({"type": "lifespan.startup"})
    await heard.get()
    try:
        yield
    finally:
        told.put_nowait({"type": "lifespan.shutdown"})
        await task


async def _live(app: ASGIApp, told: asyncio.Queue[Message], heard: asyncio.Queue[Message]) -> None:
    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, told.get, heard.put)
