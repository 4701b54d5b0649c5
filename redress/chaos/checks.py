"""What must hold: what customers know by themselves is held against what is stored."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redress.chaos.stored import Rows, Stored
from redress.chaos.transcript import Acknowledged, Seen, Transcript

_SHOWN = frozenset({"ready", "delivered"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be. `kind` names it; the sentence says where."""

    kind: str
    sentence: str


def findings(transcripts: Sequence[Transcript], stored: Stored) -> list[Finding]:
    """Everything that does not hold; none, when all is well."""
    by_conversation = _grouped(stored.messages, "conversation_id")
    found: list[Finding] = []
    for transcript in transcripts:
        found += [Finding("contradiction", told) for told in transcript.contradictions]
        found += _acknowledged(transcript.acknowledged, by_conversation)
        if transcript.channel == "web":
            found += _seen_on_web(transcript.seen, by_conversation)
        else:
            found += _seen_on_telegram(transcript.seen, by_conversation, stored.deliveries)
    found += [*_numbering(by_conversation), *_answers(stored.messages), *_known(transcripts, stored)]
    return [*found, *_owners(stored), *_recoveries(stored)]


def _acknowledged(acknowledged: Sequence[Acknowledged], stored: Mapping[str, Rows]) -> Iterator[Finding]:
    """Stored once, with its words, and in the order in which they were acknowledged."""
    last: dict[str, int] = {}
    for one in acknowledged:
        rows = [m for m in stored.get(one.conversation, ()) if m.channel_message_id == one.key]
        where = f"message {one.key} of conversation {one.conversation}"
        if not rows:
            yield Finding("lost message", f"{where} was acknowledged and is not stored")
            continue
        if len(rows) > 1:
            yield Finding("doubled message", f"{where} is stored {len(rows)} times")
        if one.text is not None and rows[0].text != one.text:
            yield Finding("changed message", f"{where} is stored with other words")
        if rows[0].seq <= last.get(one.conversation, 0):
            yield Finding("wrong order", f"{where} was acknowledged after one that stands behind it")
        last[one.conversation] = rows[0].seq


def _seen_on_web(seen: Sequence[Seen], stored: Mapping[str, Rows]) -> Iterator[Finding]:
    """Each message that is for the customer was seen once, as it is stored, in order; and nothing else was."""
    for conversation, shown in _grouped(seen, "conversation").items():
        places = [one.place for one in shown]
        for place, times in Counter(places).items():
            if times > 1:
                yield Finding("repeated reply", f"message {place} of conversation {conversation} came {times} times")
        if places != sorted(places):
            yield Finding("wrong order", f"the messages of conversation {conversation} came out of order: {places}")
        yield from _same(conversation, shown, stored.get(conversation, ()))


def _seen_on_telegram(seen: Sequence[Seen], stored: Mapping[str, Rows], deliveries: Rows) -> Iterator[Finding]:
    """The same, by Telegram's own numbers. What was being sent at a kill may have come twice, where we know of it."""
    ways = {d.message_id: d for d in deliveries}
    for conversation, shown in _grouped(seen, "conversation").items():
        places = {one.place for one in shown}
        ours = [m for m in stored.get(conversation, ()) if m.author != "customer"]
        sent = [[int(number) for number in ways[m.id].channel_ids] for m in ours if m.id in ways]
        told = {number for numbers in sent for number in numbers}
        perhaps = sum(ways[m.id].repeated for m in ours if m.id in ways)
        if len(places - told) > perhaps:
            yield Finding("repeated reply", f"conversation {conversation} was shown {len(places - told)} too many")
        if told - places:
            yield Finding("lost reply", f"messages {sorted(told - places)} of conversation {conversation} never came")
        order = [number for numbers in sent for number in numbers]
        if order != sorted(order):
            yield Finding("wrong order", f"the messages of conversation {conversation} came out of order: {order}")
        for m in ours:
            if m.status == "ready":
                yield Finding("lost reply", f"message {m.id} of conversation {conversation} was never sent")


def repeated(transcripts: Sequence[Transcript], stored: Stored) -> int:
    """How many sends that were under way at a kill came twice on Telegram."""
    told = {(d.conversation_id, number) for d in stored.deliveries for number in d.channel_ids}
    shown = {(s.conversation, s.id) for t in transcripts if t.channel != "web" for s in t.seen}
    return len(shown - told)


def _same(conversation: str, shown: Sequence[Seen], rows: Rows) -> Iterator[Finding]:
    last = max(one.place for one in shown)
    wanted = {m.seq: (m.id, m.author, m.text) for m in rows if m.author == "customer" or m.status in _SHOWN}
    got = {one.place: (one.id, one.author, one.text) for one in shown}
    for place in sorted(wanted.keys() | got.keys()):
        if place in wanted and place not in got and place <= last:
            yield Finding("lost reply", f"message {place} of conversation {conversation} was never shown")
        elif place in got and got[place] != wanted.get(place):
            yield Finding("unknown reply", f"message {place} of conversation {conversation} is not stored as shown")


def _numbering(stored: Mapping[str, Rows]) -> Iterator[Finding]:
    for conversation, rows in stored.items():
        if [m.seq for m in rows] != list(range(1, len(rows) + 1)):
            yield Finding("gap", f"the messages of conversation {conversation} are not numbered without gaps")


def _answers(rows: Rows) -> Iterator[Finding]:
    """One answer: the same words twice to one message would be two; a message that still waits has none."""
    told = Counter((m.in_reply_to, m.text) for m in rows if m.in_reply_to and m.author == "bot")
    for (message, _), times in told.items():
        if times > 1:
            yield Finding("doubled reply", f"message {message} was given the same answer {times} times")
    notices = (m for m in rows if m.in_reply_to and m.author == "system" and "procedure" not in m.meta)
    outages = Counter(m.in_reply_to for m in notices)
    for message, times in outages.items():
        if times > 1:
            yield Finding("doubled notice", f"an outage was told {times} times for message {message}")
    for m in rows:
        if m.status == "received":
            yield Finding("unanswered", f"message {m.id} of conversation {m.conversation_id} still waits for the bot")


def _owners(stored: Stored) -> Iterator[Finding]:
    """Exactly one answers: the bot without a handoff, the queue or one agent with exactly one."""
    open_handoffs = _grouped(stored.handoffs, "conversation_id")
    for c in stored.conversations:
        found = owner_finding(c, [h.claimed_by for h in open_handoffs.get(c.id, ())])
        if found is not None:
            yield found


def owner_finding(conversation: Any, claims: Sequence[str | None]) -> Finding | None:
    """`conversation` has id, owner, agent_id and closed_at; `claims`: who has claimed each of its open handoffs."""
    owner, agent = conversation.owner, conversation.agent_id
    wanted: dict[str, list[str | None]] = {"bot": [], "queue": [None], "agent": [agent]}
    over = conversation.closed_at is not None
    if list(claims) == wanted[owner] and (owner == "agent") == (agent is not None) and not (over and owner != "bot"):
        return None
    claimed = ", ".join(str(by) for by in claims) or "none"
    told = f"conversation {conversation.id} is the {owner}'s (agent {agent}{', closed' if over else ''})"
    return Finding("owner", f"{told}, with open handoffs claimed by: {claimed}")


def _known(transcripts: Sequence[Transcript], stored: Stored) -> Iterator[Finding]:
    """Whoever the shop has signed for is that customer, on each channel."""
    customers = {c.id: c.customer_id for c in stored.conversations}
    for transcript in transcripts:
        for conversation in sorted(transcript.conversations & customers.keys() if transcript.customer else ()):
            if customers[conversation] != transcript.customer:
                told = f"conversation {conversation} is {customers[conversation]}'s, and not {transcript.customer}'s"
                yield Finding("wrong customer", told)


def _recoveries(stored: Stored) -> Iterator[Finding]:
    """One problem is one case, and one remedy is given once for it."""
    problems = Counter((c.conversation_id, c.order_id, c.challenge) for c in stored.cases)
    for (conversation, order, challenge), times in problems.items():
        if times > 1:
            sentence = f"conversation {conversation} has {times} cases of {challenge} for order {order}"
            yield Finding("doubled case", sentence)
    given = Counter((g.case_id, g.remedy) for g in stored.compensations)
    for (case, remedy), times in given.items():
        if times > 1:
            yield Finding("doubled compensation", f"case {case} was given {remedy} {times} times")


def told_apart(stored: Stored) -> int:
    """Problems of one customer that have a case on each of their two channels."""
    cases = {(c.customer_id, c.order_id, c.challenge, c.conversation_id) for c in stored.cases if c.customer_id}
    return sum(times > 1 for times in Counter(case[:3] for case in cases).values())


def _grouped(rows: Iterable[Any], by: str) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, by)].append(row)
    return groups
