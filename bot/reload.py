"""Another model for a running engine: loaded beside the old one, put in its place between two turns."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor

_one_at_a_time = asyncio.Lock()


async def reload(agent: Agent, path: Path) -> None:
    """Answer with the model at `path` from the next turn on. Turns under way end with the model they began with.

    Raises whatever loading raises; then the old model stays.
    """
    async with _one_at_a_time:
        loaded = await asyncio.to_thread(_loaded, agent, path)
        agent.processor, agent.domain = loaded, loaded.domain
        agent.tracker_store.domain = loaded.domain
        gc.unfreeze()
        gc.collect()  # the old model goes
        gc.freeze()


def _loaded(agent: Agent, path: Path) -> MessageProcessor:
    return MessageProcessor(
        model_path=str(path),
        tracker_store=agent.tracker_store,
        lock_store=agent.lock_store,
        action_endpoint=agent.action_endpoint,
        generator=agent.nlg,
        http_interpreter=agent.http_interpreter,
    )
