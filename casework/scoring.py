"""Mark a conversation, whether it is one of ours or a transcript from anywhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from casework.hearing import heard_from
from casework.ports import Author, Status
from casework.read_records import MessageRead
from casework.reading import Transcript as Record
from casework.shadowing import Transcript
from recovery.scorecard import Scorecard, scorecards
from recovery.scorecard_reading import Known, Speaker, Utterance
from recovery.words import RecoveryStep

SPEAKERS = {Author.CUSTOMER: Speaker.CUSTOMER, Author.BOT: Speaker.BOT, Author.AGENT: Speaker.AGENT}
PICKS = '"option:'  # what the payload of an alternative carries


def cards_of_record(record: Record, currency: str) -> tuple[Scorecard, ...]:
    """A stored conversation's: what was heard and which steps were taken is on record."""
    steps: dict[str, set[RecoveryStep]] = {}
    for taken in record.steps:
        steps.setdefault(taken.message_id, set()).add(RecoveryStep(taken.step))
    said = [m for m in record.messages if m.author in SPEAKERS and m.status != Status.WITHHELD]
    messages = tuple(_utterance(m, frozenset(steps.get(m.id, ())), currency) for m in said)
    return scorecards(messages, _known(record))


def _utterance(m: MessageRead, steps: frozenset[RecoveryStep], currency: str) -> Utterance:
    heard = heard_from(m.nlu, message_id=m.id, text=m.text, at=m.at, currency=currency) if m.nlu else None
    offered = tuple(str(b["title"]) for b in m.buttons if PICKS in str(b.get("payload")))
    return Utterance(m.id, SPEAKERS[Author(m.author)], m.text, heard, offered, bool(m.buttons), steps)


def _known(record: Record) -> Known:
    problems = [p for h in record.handoffs for p in h.packet.get("problems") or ()]
    return Known(
        first_name=_first(record.conversation.customer_name),
        orders=tuple(str(p["order_id"]) for p in problems if p.get("order_id")),
        failed_before=any(d.inputs.get("failed_recoveries") for d in record.decisions),
        handed_over=record.conversation.handed_over,
    )


def cards_of_transcript(
    transcript: Transcript, understood: Sequence[Mapping[str, Any]], currency: str, now: datetime
) -> tuple[Scorecard, ...]:
    """A transcript's, from the words alone; `understood` are the NLU's results for the customer's turns, in order."""
    results = iter(understood)
    messages = []
    for index, (who, text) in enumerate(transcript.turns):
        message_id = f"{transcript.id}/{index}"
        heard = None
        if who == Speaker.CUSTOMER:
            heard = heard_from(next(results), message_id=message_id, text=text, at=now, currency=currency)
        messages.append(Utterance(message_id, Speaker(who), text, heard))
    return scorecards(tuple(messages), Known(first_name=_first(transcript.customer)))


def _first(name: str) -> str:
    return name.split()[0] if name.split() else ""


def card_json(card: Scorecard, conversation_id: str) -> dict[str, Any]:
    """A scorecard as JSON values."""
    return {
        "id": conversation_id,
        "of": card.of or "conversation",
        "mean": card.mean,
        "marks": [
            {"mark": m.aspect, "score": m.score, "why": m.why, "earned": list(m.earned), "lost": list(m.lost)}
            for m in card.marks
        ],
    }


def card_table(card: Scorecard, conversation_id: str) -> str:
    """A scorecard to be read in a terminal."""
    mean = "nothing to mark" if card.mean is None else f"{card.mean} of 100"
    lines = [f"{conversation_id}, {card.of or 'the whole conversation'}: {mean}"]
    for m in card.marks:
        score = "  –" if m.score is None else f"{m.score:3}"
        lines.append(f"  {score}  {m.aspect.replace('_', ' '):<20} {m.why}{_where(m.earned, m.lost)}")
    return "\n".join(lines)


def _where(earned: Sequence[str], lost: Sequence[str]) -> str:
    signs = [f"+{message}" for message in earned] + [f"-{message}" for message in lost if message not in earned]
    return f" [{' '.join(signs)}]" if signs else ""
