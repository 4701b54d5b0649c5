"""One turn: ask the engine what to say to the oldest message, look again who owns the conversation, write it all."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from casework.engine import Answer, Engine, Patience, Question, ask
from casework.errors import Refused, Unavailable
from casework.intake import Watching
from casework.ports import Clock, EndedHow, Now, OpenTurn, Owner, PassedOn, Phrases, Status, TurnRecord, TurnStore
from casework.turn_record import ENGINE_DOWN, answered, engine_down, withheld

CallWishes = Callable[[str, str, int, str], Awaitable[None]]
Greet = Callable[[TurnRecord], Awaitable[TurnRecord]]
NOTHING_SAID = "/inform"  # a photo alone: there are no words to understand


class Took(StrEnum):
    """What became of a turn."""

    NOTHING = "nothing"  # no message waits, or another process is at it
    ANSWERED = "answered"
    MORE = "more"  # answered, and the next one waits
    WITHHELD = "withheld"  # a person took over meanwhile
    ENGINE_DOWN = "engine_down"  # to be tried again


@dataclass(frozen=True, slots=True)
class Turns:
    """Takes turns, one conversation at a time each; several may run at once."""

    store: TurnStore
    engine: Engine
    phrases: Phrases
    clock: Clock
    greet: Greet | None = None  # what a handoff's answer adds when nobody is there
    watch: Watching | None = None  # reads for danger to life what the engine could not
    calls: CallWishes | None = None  # reads what was handed over for the wish to be rung
    patience: Patience = field(default_factory=Patience)

    async def take(self, conversation_id: str) -> Took:
        """Answer the oldest message of a conversation. Raises Unavailable when the database is down."""
        async with self.store.next_turn(conversation_id) as turn:
            if turn is None:
                return Took.NOTHING
            message = turn.message
            unread = [PassedOn(message.id, message.text)]
            try:
                answer = await self._ask(turn)
            except (Refused, Unavailable) as failed:
                took = await self._tell_truth(turn, page=isinstance(failed, Unavailable))
            else:
                self.patience.answered()
                took, passed_on = await self._settle(turn, answer)
                unread = [*(unread if took is Took.WITHHELD else ()), *passed_on]
        await self._read(conversation_id, unread)  # once the turn is written: it adds to the handoff
        if self.calls is not None and took is Took.ANSWERED:
            await self.calls(conversation_id, message.id, message.seq, message.text)
        return took

    async def _read(self, conversation_id: str, unread: Sequence[PassedOn]) -> None:
        if self.watch is not None:
            for each in unread:
                await self.watch(conversation_id, each.message_id, each.text)

    async def give_up(self, conversation_id: str) -> None:
        """What breaks us each time is a person's, as in an outage. Raises Unavailable."""
        async with self.store.next_turn(conversation_id) as turn:
            if turn is not None:
                await self._tell_truth(turn, page=False)

    async def _ask(self, turn: OpenTurn) -> Answer:
        number, age = turn.message.attempts, self.clock() - turn.message.at
        allowed = self.patience.for_attempt(number, age.total_seconds())
        if allowed is None:
            raise Unavailable("The engine failed others a moment ago.")
        try:
            return await self._ask_patiently(turn, *allowed)
        except Unavailable:
            self.patience.failed(number)
            raise

    async def _ask_patiently(self, turn: OpenTurn, pauses: Sequence[float], within: float) -> Answer:
        question = _question(turn)
        try:
            return await ask(self.engine, question, pauses, within)
        except Refused:
            if not question.payload:
                raise
            return await ask(self.engine, _question(turn, pressed=False), pauses, within)

    async def _settle(self, turn: OpenTurn, answer: Answer) -> tuple[Took, Sequence[PassedOn]]:
        """What became of it, and of what waited behind it."""
        now = await turn.look_again()
        if now.status is Status.ANSWERED:  # another process was first
            return Took.NOTHING, ()
        if not _is_still_bots(now):
            return Took.WITHHELD, await turn.finish(withheld(turn.message, answer, now), self.clock())
        record = _answered(turn, answer, now)
        if record.handoff is not None and self.greet is not None:
            record = await self.greet(record)
        passed_on = await turn.finish(record, self.clock())
        freed = record.rest is Status.RECEIVED
        return Took.MORE if freed or (now.more and record.rest is None) else Took.ANSWERED, passed_on

    async def _tell_truth(self, turn: OpenTurn, page: bool) -> Took:
        """Once for each outage: the customer is told, and a person alerted. The message stays to be answered.

        `page`: somebody is called, wherever they are; once, however many customers and desks an outage meets.
        """
        now = await turn.look_again()
        if not _is_still_bots(now):
            return Took.NOTHING  # it is a person's by now
        told = now.owner is Owner.QUEUE
        text = "" if told else self.phrases.plain("utter_engine_down")
        record = TurnRecord(Status.RECEIVED) if told else engine_down(turn.message, text, page=page)
        if self.greet is not None:  # when nobody is there: when somebody will be
            record = await self.greet(record)
        await turn.finish(record, self.clock())
        return Took.ENGINE_DOWN


def _is_still_bots(now: Now) -> bool:
    """A conversation that waits for a person only because the engine was down is still the bot's to answer."""
    waits_for_engine = now.owner is Owner.QUEUE and now.handoff_rules == (ENGINE_DOWN,)
    return now.status is Status.RECEIVED and (now.owner is Owner.BOT or waits_for_engine)


def _answered(turn: OpenTurn, answer: Answer, now: Now) -> TurnRecord:
    record = answered(turn.message, answer, now.outcome)
    if now.owner is Owner.BOT:
        return record
    return _back_from_outage(record)


def _back_from_outage(record: TurnRecord) -> TurnRecord:
    """The engine is back before anybody claimed: the outage's handoff ends, and what came in since is the bot's."""
    if record.handoff is not None:
        return replace(record, end_handoff=EndedHow.RETURNED)
    return replace(record, end_handoff=EndedHow.RETURNED, owner=Owner.BOT, rest=Status.RECEIVED)


def _question(turn: OpenTurn, pressed: bool = True) -> Question:
    message, conversation = turn.message, turn.conversation
    wordless = message.meta.get("wordless") is True
    payload = (message.payload or (NOTHING_SAID if wordless else None)) if pressed else None
    metadata = {
        "at": message.at.isoformat(),
        "channel": conversation.channel,
        "customer_id": conversation.customer_id,
        "name": conversation.customer_name,
        "text": message.text,  # what a pressed button says, where `text` below is what it carries
        "files": [str(kind) for kind in message.meta.get("files") or ()],
        "wordless": wordless,
    }
    stage, text = turn.stage, payload or message.text
    return Question(conversation.id, message.id, text, stage, payload is not None, metadata)
