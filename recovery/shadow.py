"""Read a finished conversation, whoever conducted it, with the rules that run live. Nothing is said or booked."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from recovery.assessment import assess
from recovery.decision import HandOver
from recovery.escalation import Escalation, escalate
from recovery.evidence import Sentence
from recovery.heard import Heard
from recovery.listening import RESIGNED, feel, take_in
from recovery.playbook import Playbook
from recovery.replying import Reply, read_reply
from recovery.situation import Situation, Topic
from recovery.state import Progress, Recovery
from recovery.words import DialogueAct, FrustrationLevel, Trigger

REFUSES = re.compile(
    r"\b(?:no,? thanks?|no,? thank you|no,? ta|nah|keep (?:your|ur)|not interested|not good enough"
    r"|(?:don'?t|do not|doesn'?t|didn'?t) (?:want|need|watch|use|help)|no (?:use|good) to me|i.d rather)\b",
    re.I,
)
# Words that take what was offered, or go and try it, whatever the act was taken for.
TAKES_IN_WORDS = re.compile(
    r"^\W*(?:(?:ha(?:ha)*|lol|oh|ok(?:ay)?|so|and|well|wow|hmm+|alright|right)\b[,. ]*)*"
    r"(?:yes|yep|yeah|yup|ya|sure|please|pls|plz|go on|deal|perfect|great|brilliant|sound|done|hang on|hold on"
    r"|let me|i'?ll (?:try|check|look|walk|go|have))\b|\b(?:yes|yeah) (?:please|pls|plz)\b|\bfair (?:play|enough)\b",
    re.I,
)
TRIED = re.compile(
    r"\b(?:i|we|i'?ve|we'?ve|already|literally|just) (?:\w+ )?(?:did|done|tried|been through)\b"
    r"|\b(?:had|made|told) me (?:to )?\w+|\bthat'?s (?:what|the (?:fix|one|thing))\b",
    re.I,
)
A_DETAIL = re.compile(r"\d")  # a number, a code, a choice by number
BORNE_OUT = 0.15  # chance: less, and what the words alone say is taken for talk of something else
A_WORD, BRIEF = 2, 3  # words: what somebody types who has stopped trying
REFUSING = frozenset({DialogueAct.REJECT_OFFER, DialogueAct.DENY})
TAKES = frozenset({DialogueAct.ACCEPT_OFFER, DialogueAct.AFFIRM, DialogueAct.THANK})
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
    tried: tuple[str, ...] = ()  # what the customer told they had done
    reply: Reply | None = None  # the latest
    person: bool = False
    called: bool = False  # whether a person was due before
    asked_in: str = ""  # the customer's last message
    solved: bool = False  # whether something was put right since they last complained
    untaken_in: str = ""  # their last message, where it answered an offer and did not take it

    @property
    def offered(self) -> bool:
        """Whether the last words put something on the table."""
        return self.reply is not None and self.reply.offers

    @property
    def looped(self) -> bool:
        return self.reply is not None and self.reply.again and not self.person


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
    """What the reply did. One offer after another tells that the first was not taken."""
    reply = read_reply(turn.text, shadow.said, shadow.tried)
    state = shadow.state
    if reply.puts_right:  # what went wrong between us before this no longer calls for a person
        state = replace(state, misunderstood_in=(), cooled_in=())
    if shadow.untaken_in and (reply.offers or reply.declines):
        state = _refused(state, shadow.untaken_in)
    return replace(
        shadow,
        state=state,
        said=(*shadow.said, turn.text),
        reply=reply,
        person=turn.who == "agent",
        solved=shadow.solved or reply.puts_right,
        untaken_in="",
    )


def _refused(state: Recovery, message_id: str) -> Recovery:
    problem = state.current
    if problem is None or message_id in problem.refused_in:
        return state
    return state.changed(problem, refused_in=(*problem.refused_in, message_id))


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
    s = take_in(
        feel(
            Situation(topic, heard, shadow.state, None, playbook, now),
            let_down=_let_down(shadow),
            helped=_helped(shadow),
        )
    )
    state = _answered(s.state, topic, heard, shadow)
    s = replace(s, state=state)
    assessment = assess(s.problem, heard, None, playbook, now) if s.problem else None
    escalation = escalate(s, assessment, None)
    due = _due(shadow, escalation, heard)
    reading = Reading(
        heard,
        state.mood.level,
        state.mood.score,
        due is not None,
        due.rules if due else (),
        due.rationale.sentences if due else (),
    )
    untaken = heard.message_id if shadow.offered and not _takes(heard) else ""
    called = shadow.called or due is not None
    solved = shadow.solved and not (heard.challenges or heard.frustration >= FrustrationLevel.FRUSTRATED)
    shadow = replace(shadow, state=state, called=called, solved=solved, asked_in=heard.message_id, untaken_in=untaken)
    if TRIED.search(heard.text):
        shadow = replace(shadow, tried=(*shadow.tried, heard.text))
    return shadow, reading


def _due(shadow: _Shadow, escalation: Escalation, heard: Heard) -> HandOver | None:
    """A person is due by the rules, unless one is there, or the whole conversation speaks against what words say.

    Here refusals and misunderstandings are only read from what was written; live they are known. A critical situation
    and a plain request for a person need nothing to bear them out.
    """
    hand_over = escalation.hand_over
    if hand_over is None or hand_over.procedures:
        return hand_over if not (shadow.person and shadow.called) else None
    learned = all(any(c.fact == "person_due" for c in rule.when) for rule in escalation.rules)
    if shadow.person and (shadow.called or learned):
        return None  # what a person took over from the bot needs no second call
    spoken_against = heard.person_due is not None and heard.person_due < BORNE_OUT
    asked = heard.act is DialogueAct.REQUEST_HUMAN and heard.trigger(Trigger.HUMAN_REQUEST) is not None
    return None if spoken_against and not asked else hand_over


def _helped(shadow: _Shadow) -> bool:
    """At the start, and where the last reply did something, there is reason to calm down."""
    return shadow.reply is None or shadow.reply.helps


def _let_down(shadow: _Shadow) -> bool:
    """The last reply led nowhere, and nothing had been put right."""
    return shadow.reply is not None and shadow.reply.lets_down and not shadow.solved and bool(shadow.state.problems)


def _takes(heard: Heard) -> bool:
    """An offer is taken, or asked about, or what it needs is told."""
    calm = heard.frustration is FrustrationLevel.CALM
    if heard.act not in REFUSING and TAKES_IN_WORDS.search(heard.text):
        return heard.frustration < FrustrationLevel.FRUSTRATED
    return heard.act in TAKES or (calm and heard.act in (DialogueAct.ASK_INFO, DialogueAct.ASK_STATUS))


def _answered(state: Recovery, topic: Topic, heard: Heard, shadow: _Shadow) -> Recovery:
    """What the message did to the problem in hand: a refusal, a misunderstanding, a calm ending, or resignation."""
    stopped = _stopped_trying(state, heard, shadow)
    refused = topic is Topic.ANSWER_OFFER and (heard.act in REFUSING or _refuses(heard))
    state = _with_misunderstandings(state, topic, heard, shadow, stopped=stopped)
    problem = state.current
    if problem is None:
        # Nothing has failed yet: what is offered to somebody who wanted something else was not what they asked.
        return _misunderstood(state, heard.message_id) if refused else state
    if refused or (problem.refused_in and shadow.offered and heard.frustration and not _takes(heard)):
        return _refused(state, heard.message_id)
    if stopped:
        return replace(state, cooled_in=(*state.cooled_in, heard.message_id))
    settled = heard.act in (DialogueAct.ACCEPT_OFFER, DialogueAct.THANK)
    if settled and heard.frustration is FrustrationLevel.CALM:
        return state.changed(problem, progress=Progress.BOOKED)
    return state


def _with_misunderstandings(
    state: Recovery, topic: Topic, heard: Heard, shadow: _Shadow, *, stopped: bool
) -> Recovery:
    complains = topic is Topic.BOT_COMPLAINT
    if shadow.looped and (complains or heard.frustration or stopped):
        # The same words again answered neither this message nor the one before.
        return _misunderstood(state, shadow.asked_in, heard.message_id)
    corrects = not shadow.offered and heard.act in REFUSING and bool(heard.frustration)
    return _misunderstood(state, heard.message_id) if shadow.looped or complains or corrects else state


def _misunderstood(state: Recovery, *message_ids: str) -> Recovery:
    return replace(state, misunderstood_in=(*state.misunderstood_in, *message_ids))


def _stopped_trying(state: Recovery, heard: Heard, shadow: _Shadow) -> bool:
    """A word or two, or words of resignation, where the reply before led nowhere and nothing was put right."""
    reply, problem = shadow.reply, state.current
    if reply is None or problem is None or shadow.solved or reply.helps or problem.progress is Progress.BOOKED:
        return False
    if heard.act is DialogueAct.THANK or (reply.asks and not heard.frustration):
        return False  # also a calm answer to a question that is asked again
    if A_DETAIL.search(heard.text) or reply.attends:
        return False
    brief = len(heard.text.split()) <= (BRIEF if reply.lets_down else A_WORD)
    if not brief and not (reply.lets_down and RESIGNED.search(heard.text)):
        return False
    return reply.closes or state.mood.level >= FrustrationLevel.ANNOYED
