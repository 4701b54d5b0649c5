"""Conversations for marking, made short."""

from datetime import UTC, datetime

from recovery.heard import Entity, Heard, TriggerHeard
from recovery.scorecard_reading import Speaker, Utterance
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, Trigger

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def customer(
    number: int,
    text: str,
    level: int = 0,
    challenges: tuple[str, ...] | list[str] = (),
    triggers: tuple[str, ...] | list[str] = (),
    act: str = "",
    entities: tuple[str, ...] | list[str] = (),
) -> Utterance:
    """A customer's message, understood as told."""
    heard = Heard(
        message_id=str(number),
        text=text,
        at=AT,
        act=DialogueAct(act or ("report_problem" if challenges else "inform")),
        challenges=tuple(map(ChallengeType, challenges)),
        frustration=FrustrationLevel(level),
        triggers=tuple(TriggerHeard(Trigger(t)) for t in triggers),
        entities=tuple(Entity(name, text, text) for name in entities),
    )
    return Utterance(str(number), Speaker.CUSTOMER, text, heard)


def ours(number: int, text: str, who: Speaker = Speaker.AGENT) -> Utterance:
    return Utterance(str(number), who, text)
