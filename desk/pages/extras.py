"""What is shown beside a message's text: its files, what it said before it was changed, how it arrived."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.ports import Arrival, Attachment, Records
from casework.read_records import MessageRead

WEB = "web"


@dataclass(frozen=True, slots=True)
class Extras:
    """Of one message."""

    files: Sequence[Attachment] = ()
    before: Sequence[str] = ()
    arrival: Arrival | None = None


async def extras_of(records: Records, channel: str, messages: Sequence[MessageRead]) -> dict[str, Extras]:
    """By message; those without any are not there. Nothing is asked for that no message tells of."""
    files = await records.attachments.of([m.id for m in messages if m.meta.get("files")])
    before = await records.messages.before([m.id for m in messages if m.meta.get("edited")])
    ours = [m.id for m in messages if m.author != "customer"] if channel != WEB else []
    arrivals = await records.deliveries.arrivals(ours) if ours else {}
    told = {*files, *before, *arrivals}
    return {one: Extras(files.get(one, ()), before.get(one, ()), arrivals.get(one)) for one in told}
