"""Failure 16: somebody is erased by hand, and in part."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from casework.deep_links import sign
from casework.errors import NotFound
from redress import wiring
from redress.settings import CHECKOUT, child_environment
from tests.desk.telegram.conftest import JPEG
from tests.desk.telegram.peer_process import Peer
from tests.handoff.people import HACKED, LATE, NOT_SENT, WITHIN_S, People, ask, asked_on_telegram, becomes

TABLES = """
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('redress', 'crm', 'public')
"""


async def test_16_an_erased_person_is_nowhere(people: People, telegram: Peer, chat: int) -> None:
    """Neither in the engine's tracker store, nor in either channel's records, nor in cases, files or alerts.

    What was only counted stays.
    """
    web, _ = await people.customer()
    await ask(web, LATE)
    await ask(web, HACKED)
    await becomes(web, "queue")
    whose = "select c.id, c.email from crm.customers c join redress.conversations v on v.customer_id = c.id"
    ((customer, email),) = await people.stored(f"{whose} where v.id = :c", c=web.conversation)
    user = chat + 10**12  # so long a number stands nowhere by chance
    second = await _goes_on_in_telegram(people, telegram, user, customer)
    files = wiring.files_of(people.settings)
    await files.put(f"{web.conversation}/photo", b"a broken kettle")
    traces = (customer, email, web.conversation, second, str(user))
    assert {"public.events", "redress.identities", "redress.messages", "redress.alerts", "crm.cases"} <= await _where(
        people, traces
    )
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
    assert "2 conversations and 2 files" in erased.stdout
    assert await _where(people, traces) == set()
    with pytest.raises(NotFound):
        await files.get(f"{web.conversation}/photo")
    assert await files.forget(second) == 0
    assert (await people.stored("select count(*) as days from redress.heard_daily"))[0].days >= counted[0].days
    assert (await web.client.post("/chat/messages", json={"id": "1", "text": "hello"})).status_code == 404
    assert await asked_on_telegram(people, telegram, user, "hello") == {"bot"}
    assert await people.at_chat(user, "bot") != second, "who writes there next is a stranger"


async def _goes_on_in_telegram(people: People, telegram: Peer, user: int, customer: str) -> str:
    """The customer comes by the shop's link, sends a photo and asks for a person; returns the conversation."""
    secret = people.settings.identity_secret.get_secret_value()
    await telegram.says(user, f"/start {sign(secret, customer, datetime.now(UTC))}")
    photo = await telegram.keeps(JPEG, "photos/broken.jpg")
    size = {"file_id": photo, "file_unique_id": photo, "width": 1, "height": 1}
    await telegram.says(user, None, photo=[size], caption=HACKED)
    conversation = await people.at_chat(user, "queue")
    kept = "select 1 from redress.attachments where conversation_id = :c and state = 'kept'"
    await people.until(kept, bool, c=conversation)
    await people.until(NOT_SENT, lambda rows: not rows, c=conversation)
    return conversation


async def _where(people: People, traces: tuple[str, ...]) -> set[str]:
    """Every table in which one of these stands, in whatever column."""
    found = set()
    for table in await people.stored(TABLES):
        rows = f"select 1 from {table.name} t where t::text like any (cast(:traces as text[])) limit 1"  # noqa: S608
        if await people.stored(rows, traces=[f"%{trace}%" for trace in traces]):
            found.add(table.name)
    return found
