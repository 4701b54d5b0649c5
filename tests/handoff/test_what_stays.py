"""Failure 16: somebody is erased by hand, and in part."""

import subprocess
import sys
from datetime import UTC, datetime

from casework.deep_links import sign
from redress import wiring
from redress.settings import CHECKOUT, child_environment
from redress.webchat import WebChat
from tests.desk.telegram.conftest import JPEG
from tests.desk.telegram.peer_process import Peer
from tests.handoff.people import HACKED, LATE, NOT_SENT, SUPERVISOR, WITHIN_S, People, ask, asked_on_telegram, becomes

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
    photo = await _sends_a_photo(web)
    supervisor = await people.agent(SUPERVISOR)
    pages = [f"/desk/log/{each}{kind}" for each in (web.conversation, second) for kind in ("", "/export")]
    assert [(await supervisor.client.get(page)).status_code for page in pages] == [200] * 4
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
    for each in (web.conversation, second):
        assert await files.forget(each) == 0, "no file was left"
    assert [(await supervisor.client.get(page)).status_code for page in pages] == [404] * 4
    assert (await people.stored("select count(*) as days from redress.heard_daily"))[0].days >= counted[0].days
    for path in ("messages", "events", f"attachments/{photo}"):
        assert (await web.client.get(f"/chat/{path}")).status_code == 404
    assert (await web.client.post("/chat/messages", json={"id": "1", "text": "hello"})).status_code == 404
    assert await asked_on_telegram(people, telegram, user, "hello") == {"bot"}
    assert await people.at_chat(user, "bot") != second, "who writes there next is a stranger"


async def _sends_a_photo(web: WebChat) -> str:
    """In the web chat; returns the file."""
    form = {"data": {"id": "photo", "text": "It came like this"}, "files": {"file": ("kettle.jpg", JPEG)}}
    assert (await web.client.post("/chat/attachments", **form)).status_code == 202  # type: ignore[arg-type]
    shown = (await web.client.get("/chat/messages")).json()
    (file,) = [file for message in shown for file in message["files"]]
    return str(file["id"])


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
