"""A conversation laid out for marking: each reply with what was known when it was written."""

from dataclasses import dataclass, field
from enum import StrEnum

from recovery import lexicon, mood
from recovery.heard import Heard
from recovery.lexicon import Strength
from recovery.state import Mood
from recovery.words import ChallengeType, DialogueAct, RecoveryStep, Trigger

CLOSING = frozenset({DialogueAct.THANK, DialogueAct.GOODBYE, DialogueAct.ACCEPT_OFFER, DialogueAct.AFFIRM})
A_WHILE = 6  # replies: what was said longer ago may be said again


class Speaker(StrEnum):
    """Who says something in a conversation."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message. `heard` is a customer's, understood; `offered` are the alternatives under ours."""

    id: str
    who: Speaker
    text: str
    heard: Heard | None = None
    offered: tuple[str, ...] = ()
    has_buttons: bool = False
    steps: frozenset[RecoveryStep] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What was known beside the messages."""

    first_name: str = ""
    orders: tuple[str, ...] = ()
    failed_before: bool = False
    handed_over: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One of our messages, with what was known when it was written."""

    message: Utterance
    level: int  # the customer's frustration
    problem: frozenset[str]  # the words of the problem, as far as it was told
    own_words: frozenset[str]  # what only this customer brought up
    told: frozenset[str]  # the details that the customer had given
    after_telling: bool  # the first reply after a problem was told
    again: bool  # much the same was said before
    last_turn: bool  # an answer to the last that the customer had to say

    @property
    def text(self) -> str:
        return self.message.text

    def strength(self, step: RecoveryStep, words: Strength) -> Strength:
        """What the words do, and no less than in general what the record says was done."""
        return max(words, Strength.GENERAL) if step in self.message.steps else words


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation laid out for marking."""

    replies: tuple[Reply, ...]  # of the speaker who is marked
    others: tuple[Reply, ...]  # of the other one
    known: Known
    problems: tuple[ChallengeType, ...] = ()
    told_in: str = ""  # the message that told of a problem first
    came_back_in: str = ""  # the message that spoke of an earlier contact or a promise
    misheard: frozenset[str] = frozenset()  # our messages after which the customer had to correct us
    speakers: frozenset[Speaker] = field(default_factory=frozenset)

    @property
    def has_problem(self) -> bool:
        return bool(self.told_in)

    @property
    def passed_on(self) -> bool:
        """Handed to a person who has not written yet, or whose words are not marked here."""
        said_so = self.known.handed_over or any(lexicon.hands_over(r.text) for r in self.replies)
        return said_so and all(r.message.who is Speaker.BOT for r in self.replies)


def laid_out(messages: tuple[Utterance, ...], known: Known, of: Speaker | None = None) -> Conversation:
    """Walk through a conversation once, and keep with each reply what was known when it was written."""
    walk = _Walk(last_words=_last_words(messages))
    for number, message in enumerate(messages):
        if message.who is Speaker.CUSTOMER:
            walk.hear(message)
        else:
            walk.reply(message, number)
    if not walk.told_in and any(m.steps for m in messages):  # a recovery was recorded: there was a problem
        walk.told_in = next((m.id for m in messages if m.who is Speaker.CUSTOMER), "")
    return Conversation(
        tuple(r for r in walk.replies if of in (None, r.message.who)),
        tuple(r for r in walk.replies if of not in (None, r.message.who)),
        known,
        tuple(walk.problems),
        walk.told_in,
        walk.came_back_in,
        frozenset(walk.misheard),
        frozenset(r.message.who for r in walk.replies),
    )


def _last_words(messages: tuple[Utterance, ...]) -> int:
    """The place of the last thing a customer said that asked for an answer: a yes, thanks and goodbyes do not."""
    said = [n for n, m in enumerate(messages) if m.who is Speaker.CUSTOMER]
    open_ended = [n for n in said if (heard := messages[n].heard) is None or heard.act not in CLOSING]
    return (open_ended or said or [0])[-1]


@dataclass
class _Walk:
    """What is known so far."""

    last_words: int
    mood: Mood = field(default_factory=Mood)
    texts: list[str] = field(default_factory=list)
    problems: list[ChallengeType] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    told_in: str = ""
    came_back_in: str = ""
    unanswered: bool = False
    since: list[str] = field(default_factory=list)  # our messages since the customer's last
    misheard: set[str] = field(default_factory=set)
    replies: list[Reply] = field(default_factory=list)

    def hear(self, message: Utterance) -> None:
        if self._corrects(message):
            self.misheard |= set(self.since)
        self.since = []
        self.texts.append(message.text)
        heard = message.heard
        if heard is None:
            return
        self.mood = mood.after(self.mood, heard)
        self.told |= {e.name for e in heard.entities}
        self.problems += [c for c in heard.challenges if c not in self.problems]
        tells = heard.challenges or heard.act is DialogueAct.REPORT_PROBLEM
        came_back = heard.trigger(Trigger.REPEATED_CONTACT) or heard.trigger(Trigger.BROKEN_PROMISE)
        if came_back:
            self.came_back_in = self.came_back_in or message.id
        if (tells or came_back) and not self.told_in:
            self.told_in, self.unanswered = message.id, True

    def _corrects(self, message: Utterance) -> bool:
        """Whether the customer says that we took them wrongly, or says no and tells of another problem."""
        if not self.told_in:
            return False
        if lexicon.corrects_us(message.text):
            return True
        told = message.heard.challenges if message.heard else ()
        return lexicon.says_no(message.text) and any(c not in self.problems for c in told)

    def reply(self, message: Utterance, number: int) -> None:
        self.since.append(message.id)
        named = lexicon.about((), self.problems)
        words, own = lexicon.about(self.texts, self.problems), lexicon.about(self.texts, ()) - named
        told = frozenset(self.told)
        again = any(lexicon.alike(message.text, r.text) for r in self.replies[-A_WHILE:])
        last = number > self.last_words
        self.replies.append(Reply(message, self.mood.level, words, own, told, self.unanswered, again, last))
        self.unanswered = False
