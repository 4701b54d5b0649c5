"""Read a finished conversation, whoever conducted it, with the rules that run live. Nothing is said or booked."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from recovery.assessment import assess
from recovery.escalation import escalate
from recovery.evidence import Sentence
from recovery.heard import Heard
from recovery.lexicon import alike
from recovery.listening import feel, take_in
from recovery.playbook import Playbook
from recovery.situation import Situation, Topic
from recovery.state import Progress, Recovery
from recovery.words import DialogueAct, FrustrationLevel, Trigger

REFUSES = re.compile(
    r"\b(?:no,? thanks?|no,? thank you|(?:don'?t|do not|doesn'?t|didn'?t) (?:want|need|watch|use|help)|not interested"
    r"|not good enough|no (?:use|good) to me|i(?:'d| would) rather)\b",
    re.I,
)
BRIEF = 2  # words: what somebody types who has stopped trying
OFFER = re.compile(
    r"\b(?:offer|refund|voucher|credit|replac\w+|discount|gift card|send (?:you )?(?:a|another)|compensat\w+"
    r"|re-?book\w*|how about|free (?:month|delivery)|months?(?: for)? free|half price"
    r"|would you like (?!(?:me )?to know|anything|any more|help))\b",
    re.I,
)
TOPICS = {
    DialogueAct.REQUEST_HUMAN: Topic.PERSON,
    DialogueAct.COMPLAIN_ABOUT_BOT: Topic.BOT_COMPLAINT,
    DialogueAct.REJECT_OFFER: Topic.ANSWER_OFFER,
    DialogueAct.ACCEPT_OFFER: Topic.ANSWER_OFFER,
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One turn of a transcript; `heard` is what the NLU says of a customer's."""

    who: str
    text: str
    heard: Heard | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One customer turn, read: the conversation's mood after it, and whether a person is due, with reasons."""

    heard: Heard
    level: int
    score: float
    escalate: bool
    rules: tuple[str, ...]
    rationale: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Shadow:
    """The state of the reading: the recovery's, and what the other side said."""

    state: Recovery = field(default_factory=Recovery)
    said: tuple[str, ...] = ()
    looped: bool = False
    person: bool = False
    asked_in: str = ""  # the customer's last message

    @property
    def offered(self) -> bool:
        """Whether the bot's last words put something on the table."""
        return bool(self.said) and bool(OFFER.search(self.said[-1]))


def read_transcript(turns: tuple[Spoken, ...], playbook: Playbook, now: datetime) -> tuple[Reading, ...]:
    """Read every customer turn in order."""
    shadow, readings = _Shadow(), []
    for turn in turns:
        if turn.heard is None:
            shadow = _other_side(shadow, turn)
            continue
        shadow, reading = _customer(shadow, turn.heard, playbook, now)
        readings.append(reading)
    return tuple(readings)


def _other_side(shadow: _Shadow, turn: Spoken) -> _Shadow:
    """A bot that says the same again has not understood; an agent means that a person is there."""
    looped = turn.who == "bot" and any(alike(turn.text, s) for s in shadow.said)
    return replace(
        shadow,
        said=(*shadow.said, turn.text) if turn.who == "bot" else shadow.said,
        looped=looped,
        person=turn.who == "agent",
    )


def _topic(shadow: _Shadow, heard: Heard) -> Topic:
    if shadow.offered and (heard.act is DialogueAct.DENY or _refuses(heard)):
        return Topic.ANSWER_OFFER
    if heard.trigger(Trigger.BOT_FAILURE) and heard.act is not DialogueAct.REQUEST_HUMAN:
        return Topic.BOT_COMPLAINT
    return TOPICS.get(heard.act, Topic.RECOVER)


def _refuses(heard: Heard) -> bool:
    """A refusal in other words, whatever the act was taken for; not the telling of a problem."""
    return not heard.challenges and heard.act is not DialogueAct.ACCEPT_OFFER and bool(REFUSES.search(heard.text))


def _customer(shadow: _Shadow, heard: Heard, playbook: Playbook, now: datetime) -> tuple[_Shadow, Reading]:
    topic = _topic(shadow, heard)
    s = take_in(feel(Situation(topic, heard, shadow.state, None, playbook, now)))
    state = _answered(s.state, topic, heard, shadow)
    s = replace(s, state=state)
    assessment = assess(s.problem, heard, None, playbook, now) if s.problem else None
    escalation = escalate(s, assessment, None)
    # What a person is dealing with already needs no second call.
    due = escalation.hand_over if not shadow.person else None
    reading = Reading(
        heard,
        state.mood.level,
        state.mood.score,
        due is not None,
        due.rules if due else (),
        due.rationale.sentences if due else (),
    )
    return replace(shadow, state=state, looped=False, asked_in=heard.message_id), reading


def _answered(state: Recovery, topic: Topic, heard: Heard, shadow: _Shadow) -> Recovery:
    """What the message did to the problem in hand: a refusal, a misunderstanding, a calm ending, or resignation."""
    complains = topic is Topic.BOT_COMPLAINT
    if shadow.looped and (complains or heard.frustration):
        # The same words again answered neither this message nor the one before.
        state = replace(state, misunderstood_in=(*state.misunderstood_in, shadow.asked_in, heard.message_id))
    elif shadow.looped or complains:
        state = replace(state, misunderstood_in=(*state.misunderstood_in, heard.message_id))
    problem = state.current
    refused = heard.act in (DialogueAct.REJECT_OFFER, DialogueAct.DENY) or _refuses(heard)
    refused = refused and topic is Topic.ANSWER_OFFER
    if problem is None:
        # Nothing has failed yet: what is offered to somebody who wanted something else was not what they asked.
        return replace(state, misunderstood_in=(*state.misunderstood_in, heard.message_id)) if refused else state
    if refused:
        return state.changed(problem, refused_in=(*problem.refused_in, heard.message_id))
    if _stopped_trying(state, heard, shadow):
        return replace(state, cooled_in=(*state.cooled_in, heard.message_id))
    settled = heard.act in (DialogueAct.ACCEPT_OFFER, DialogueAct.THANK)
    if settled and heard.frustration is FrustrationLevel.CALM:
        return state.changed(problem, progress=Progress.BOOKED)
    return state


def _stopped_trying(state: Recovery, heard: Heard, shadow: _Shadow) -> bool:
    """A word or two to a bot that has offered nothing, from somebody who was frustrated a moment ago."""
    before = state.mood.levels[-2] if len(state.mood.levels) > 1 else 0
    brief = len(heard.text.split()) <= BRIEF and heard.act is not DialogueAct.THANK
    return brief and before >= FrustrationLevel.FRUSTRATED and not shadow.offered and not shadow.person
