"""The running product changes its model: no restart, no lost message, and every result names what heard it."""

import asyncio
import shutil
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from redress import model, registry, reloading, webchat
from redress.own_stack import Stack
from redress.postgres import dsn
from redress.settings import CHECKOUT, child_environment

WITHIN_S = 60
BETWEEN_S = 1.5  # the desk takes sixty messages a minute of one customer


@pytest.fixture
def copy(stack: Stack) -> Iterator[Path]:
    """The running model under another name, published and answering."""
    settings = stack.settings
    now = model.path_of(settings)
    other = registry.file_of(settings, f"copy-{uuid.uuid4().hex[:8]}")
    shutil.copy(now, other)
    registry.publish(settings, registry.name_of(other), model.model_hash(), "reviewed")
    assert reloading.reload(settings, other).answers
    yield other
    other.unlink()


def models_in(stack: Stack, conversation: str) -> list[str]:
    """The model of every stored result, in order."""
    query = """
        select model from redress.nlu_results join redress.messages on messages.id = message_id
        where conversation_id = %s order by seq
    """
    with psycopg.connect(dsn(str(stack.settings.database_url))) as connection:
        return [name for (name,) in connection.execute(query, (conversation,))]


async def test_the_previous_model_is_put_back_while_a_customer_writes(stack: Stack, copy: Path) -> None:
    async with webchat.opened(stack.settings.desk_url, None) as chat:
        rollback = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "redress", "model", "rollback",
            cwd=CHECKOUT, env=child_environment(stack.settings), stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        told = asyncio.create_task(rollback.communicate())
        sent = 0
        while not told.done() or sent == 0:
            await _answered(chat, "what are your opening hours?")
            sent += 1
            await asyncio.wait({told}, timeout=BETWEEN_S)
        await _answered(chat, "and on sundays?")
    said = (await told)[0].decode()
    assert "The running engine answers with it from now on." in said
    heard = models_in(stack, chat.conversation)
    assert len(heard) == sent + 1
    assert (heard[0], heard[-1]) == (registry.name_of(copy), registry.name_of(model.path_of(stack.settings)))
    assert chat.owner == "bot"


async def _answered(chat: webchat.WebChat, text: str) -> None:
    seq = await chat.send(text)
    assert await chat.until(lambda c: any(m.author == "bot" for m in c.answers_to(seq)), WITHIN_S)
