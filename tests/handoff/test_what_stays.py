"""Failure 16: somebody is erased by hand, and in part."""

import subprocess
import sys

import pytest

from casework.errors import NotFound
from redress import wiring
from redress.settings import CHECKOUT, child_environment
from tests.handoff.people import HACKED, LATE, WITHIN_S, People, ask, becomes

TABLES = """
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('redress', 'crm', 'public')
"""


async def test_16_an_erased_person_is_nowhere(people: People) -> None:
    """Neither in the engine's tracker store, nor in conversations, cases, files or alerts; counts stay."""
    chat, _ = await people.customer()
    await ask(chat, LATE)
    await ask(chat, HACKED)
    await becomes(chat, "queue")
    whose = "select c.id, c.email from crm.customers c join redress.conversations v on v.customer_id = c.id"
    ((customer, email),) = await people.stored(f"{whose} where v.id = :c", c=chat.conversation)
    files = wiring.files_of(people.settings)
    await files.put(f"{chat.conversation}/photo", b"a broken kettle")
    traces = (customer, email, chat.conversation)
    assert {"public.events", "redress.messages", "redress.alerts", "crm.cases"} <= await _where(people, traces)
    counted = await people.stored("select count(*) as days from redress.heard_daily")
    erased = subprocess.run(  # noqa: S603, ASYNC221 - our own words; nothing else happens meanwhile
        [sys.executable, "-m", "redress", "erase", email, "--yes"],
        cwd=CHECKOUT,
        env=child_environment(people.settings),
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert erased.returncode == 0, erased.stderr
    assert "1 conversations and 1 files" in erased.stdout
    assert await _where(people, traces) == set()
    with pytest.raises(NotFound):
        await files.get(f"{chat.conversation}/photo")
    assert (await people.stored("select count(*) as days from redress.heard_daily"))[0].days >= counted[0].days
    assert (await chat.client.post("/chat/messages", json={"id": "1", "text": "hello"})).status_code == 404


async def _where(people: People, traces: tuple[str, ...]) -> set[str]:
    """Every table in which one of these stands, in whatever column."""
    found = set()
    for table in await people.stored(TABLES):
        rows = f"select 1 from {table.name} t where t::text like any (cast(:traces as text[])) limit 1"  # noqa: S608
        if await people.stored(rows, traces=[f"%{trace}%" for trace in traces]):
            found.add(table.name)
    return found
