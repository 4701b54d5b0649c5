"""What is learned from: doubtful, corrected and flagged messages collect for review, the person taken out first."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from casework.errors import Conflict
from casework.ports.learning import (
    Batch,
    Daily,
    Decided,
    HeardMessage,
    NewCorrection,
    NewItem,
    ReviewItem,
    Reviews,
    ReviewStatus,
    SaidBefore,
    Wrong,
)
from casework.ports.people import Staff
from casework.ports.talk import Clock, Json
from casework.read_records import HandoffRead, MessageRead
from recovery.anonymous import Known, anonymous
from recovery.doubt import BY_PERSON, NOTHING_TO_LABEL, Why, doubts
from recovery.labels import Labels, labels_of
from recovery.words import ChallengeType, FrustrationLevel

AT_ONCE = 200  # messages noted in one transaction
MOST_DOUBTFUL = 500  # more than anybody labels; with so many open, no further doubtful one is kept
KEPT_FOR = timedelta(days=90)  # a doubtful text that nobody looked at
LINES_BEFORE = 4
PERSONAL = ("email", "phone", "order_number", "tracking_number")
BINS = 10


@dataclass(frozen=True, slots=True)
class Learning:
    """Collects, takes corrections, and keeps what supervisors decide."""

    reviews: Reviews
    clock: Clock
    zone: ZoneInfo

    async def note(self) -> bool:
        """Count the messages heard since last time and keep the doubtful ones. True when there may be more."""
        now = self.clock()
        async with self.reviews.unnoted(AT_ONCE) as batch:
            counts: Counter[Daily] = Counter()
            room = MOST_DOUBTFUL - await batch.doubtful(MOST_DOUBTFUL)
            for message in batch.messages:
                counts.update(counted(message, self.zone))
                why = doubts(message.result)
                if why and room > 0:
                    room -= await batch.collect(await _item(batch, message, why), now)
            await batch.count(counts)
        if batch.messages:
            await self.reviews.drop_stale(now - KEPT_FOR)
        return len(batch.messages) == AT_ONCE

    async def flag(self, message_id: str) -> None:
        """A supervisor wants a message labelled. Raises NotFound."""
        async with self.reviews.one(message_id) as batch:
            (message,) = batch.messages
            await batch.collect(await _item(batch, message, (Why.FLAGGED,)), self.clock())

    async def correct(self, who: Staff, message_id: str, what: Wrong, right: str, words: str) -> None:
        """An agent says what the bot got wrong. Raises NotFound, and ValueError for a `right` that does not fit."""
        _check_right(what, right)
        async with self.reviews.one(message_id) as batch:
            (message,) = batch.messages
            item = await _item(batch, message, (Why.CORRECTED,))
            clean = anonymous(words, known_of(message))
            said = NewCorrection(message.conversation_id, message_id, who.id, what, right or None, clean)
            await batch.correct(said, self.clock())
            await batch.collect(item, self.clock())

    async def accept(self, who: Staff, item_id: int, version: int, labels: Labels) -> None:
        """Keep a text with its labels. Raises Conflict when somebody was first."""
        await self._decide(who, item_id, version, ReviewStatus.ACCEPTED, labels.as_json())

    async def put(self, who: Staff, item_id: int, version: int, status: ReviewStatus) -> None:
        """Reject it, leave it for later, or open it again. Raises Conflict when somebody was first."""
        if status is ReviewStatus.ACCEPTED:
            raise ValueError("What is accepted needs labels.")
        await self._decide(who, item_id, version, status, None)

    async def _decide(
        self, who: Staff, item_id: int, version: int, status: ReviewStatus, labels: Json | None
    ) -> None:
        if not await self.reviews.decide(Decided(item_id, version, status, labels, who.id), self.clock()):
            raise Conflict("Somebody else decided on this text before you. Reload to see it.")


async def _item(batch: Batch, message: HeardMessage, why: Sequence[Why]) -> NewItem:
    """A message ready to be kept for review."""
    said = await batch.before(message, LINES_BEFORE)
    known = known_of(message, [line.name for line in said if line.name])
    text = anonymous(message.text, known)
    return NewItem(
        key_of(text),
        text,
        [_line(line, known) for line in said],
        heard_of(message.result, text),
        message.model,
        tuple(str(w) for w in why),
        tuple(c["type"] for c in message.result.get("challenges") or ()),
        any(w in BY_PERSON for w in why),
        message.conversation_id,
        message.id,
    )


def _line(line: SaidBefore, known: Known) -> Json:
    return {"who": line.who, "text": anonymous(line.text, known)}


def known_of(message: HeardMessage, names: Sequence[str] = ()) -> Known:
    """What is known to be personal in a message."""
    entities = message.result.get("entities") or ()
    found = ((str(e.get("name")), str(e.get("text") or "")) for e in entities)
    return Known(tuple(n for n in (message.customer_name, *names) if n), tuple(f for f in found if f[0] in PERSONAL))


def key_of(text: str) -> str:
    """The same for the same words, whatever their case and spaces."""
    return hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()


def heard_of(result: Json, text: str) -> Json:
    """What was heard, with only such evidence as the anonymous text still holds."""

    def shown(found: Json) -> Json:
        return {**found, "evidence": [w for w in found.get("evidence") or () if str(w) in text]}

    return {
        "dialogue_act": result.get("dialogue_act"),
        "challenges": result.get("challenges") or [],
        "frustration": shown(result.get("frustration") or {"level": 0}),
        "triggers": [shown(t) for t in result.get("triggers") or ()],
        "unclear": result.get("unclear"),
    }


def counted(message: HeardMessage, zone: ZoneInfo) -> list[Daily]:
    """What one message adds to its day's counts."""
    day, result = message.at.astimezone(zone).date(), message.result
    act = result.get("dialogue_act") or {}
    unclear = str(result.get("unclear") or "clear")
    found = [("message", ""), ("unclear", unclear)]
    if unclear not in NOTHING_TO_LABEL:
        sure = min(BINS - 1, int(float(act.get("confidence") or 0) * BINS))
        found += [("act", str(act.get("name"))), ("confidence", str(sure))]
        found += [("level", str((result.get("frustration") or {}).get("level") or 0))]
        found += [("challenge", c["type"]) for c in result.get("challenges") or ()] or [("challenge", "none")]
    return [Daily(day, kind, name, message.model) for kind, name in found]


def _check_right(what: Wrong, right: str) -> None:
    allowed = {
        Wrong.CHALLENGE: {"", "none", *(str(c) for c in ChallengeType)},
        Wrong.FRUSTRATION: {"", *(str(int(level)) for level in FrustrationLevel)},
    }.get(what, {""})
    if right not in allowed:
        raise ValueError("That does not say what would have been right. Choose one of the list.")


def about(what: Wrong, messages: Sequence[MessageRead], handoff: HandoffRead | None) -> MessageRead:
    """The message that a correction is most likely about, where the agent did not say. Raises ValueError."""
    heard = [m for m in messages if m.author == "customer" and m.nlu and not m.payload]
    if not heard:
        raise ValueError("The bot has not read any message of this conversation, so there is nothing to correct.")
    led = next((n for n, m in enumerate(heard) if handoff and m.id == handoff.message_id), len(heard) - 1)
    until = heard[: led + 1]
    if what is Wrong.CHALLENGE:
        return next((m for m in reversed(until) if (m.nlu or {}).get("challenges")), until[0])
    if what is Wrong.FRUSTRATION:
        return max(heard, key=lambda m: (_level(m), m.seq))
    return until[-1] if what is Wrong.ESCALATED else until[max(0, led - 1)]


def _level(message: MessageRead) -> int:
    return int(((message.nlu or {}).get("frustration") or {}).get("level") or 0)


def suggested(item: ReviewItem) -> dict[str, object]:
    """The labels to begin with: those decided on, else what was heard with what agents said put right."""
    if item.labels is not None:
        return dict(item.labels)
    found: dict[str, object] = labels_of(item.heard)
    for said in item.corrections:
        if said.what == Wrong.CHALLENGE and said.right:
            found["challenges"] = [] if said.right == "none" else [said.right]
        if said.what == Wrong.FRUSTRATION and said.right:
            found["frustration"] = int(said.right)
        if said.what in (Wrong.ESCALATED, Wrong.NOT_ESCALATED):
            found["person_due"] = said.what == Wrong.NOT_ESCALATED
    return found
