"""The marks of a scorecard: what earns and what loses each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from recovery import lexicon
from recovery.lexicon import Strength
from recovery.scorecard_reading import Conversation, Reply
from recovery.scorecard_tone import faults_of
from recovery.words import FrustrationLevel, RecoveryStep

FULL, GENERAL = 100, 50  # the marks for something said to this customer, and for something that fits everybody
A_REPEAT = 40  # what each apology too many costs
NOT_LISTENED = 30  # what asking for what was told costs, or saying the same again
NO_PROBLEM = "The customer told of no problem."
NOT_YET_A_PERSON = "A person takes over, and it is theirs to do."


class Aspect(StrEnum):
    """What is marked, in the order in which it is shown."""

    LISTEN = "listen"
    APOLOGISE = "apologise"
    THANK = "thank"
    EXPLAIN = "explain"
    RESOLVE = "resolve"
    PERSONAL = "personal"
    HISTORY = "history_used"
    APOLOGY_ONCE = "no_repeated_apology"
    OPTIONS = "options_offered"
    TONE = "tone_fit"
    NEXT_STEP = "clear_next_step"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark, 0 to 100 or none, why, and the messages that earned and lost it."""

    aspect: Aspect
    score: int | None
    why: str
    earned: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def marks(c: Conversation) -> tuple[Mark, ...]:
    """Every mark, in the order of Aspect."""
    return tuple(mark(c) for mark in _MARKS)


def _ids(replies: Iterable[Reply]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.message.id for r in replies))


def _best(replies: Sequence[Reply], strength: Callable[[Reply], Strength]) -> tuple[Strength, tuple[Reply, ...]]:
    """How well a thing was said at best, and where it was said so first."""
    best = max((strength(r) for r in replies), default=Strength.ABSENT)
    if best is Strength.ABSENT:
        return best, ()
    return best, tuple(r for r in replies if strength(r) is best)[:1]


@dataclass(frozen=True, slots=True)
class _Telling:
    """The sentences for the three ways in which a thing may stand."""

    specific: str
    general: str
    absent: str


def _scored(aspect: Aspect, best: Strength, where: tuple[Reply, ...], c: Conversation, telling: _Telling) -> Mark:
    missed = _ids(c.replies[:1])  # where it would have belonged
    match best:
        case Strength.SPECIFIC:
            return Mark(aspect, FULL, telling.specific, _ids(where))
        case Strength.GENERAL:
            return Mark(aspect, GENERAL, telling.general, _ids(where), _ids(where))
        case _:
            return Mark(aspect, 0, telling.absent, (), missed)


def _listen(c: Conversation) -> Mark:
    if not c.has_problem:
        return Mark(Aspect.LISTEN, None, NO_PROBLEM)
    rightly = _since_corrected(c)
    best, where = _best(rightly, lambda r: r.strength(RecoveryStep.LISTEN, lexicon.listening(r.text, r.problem)))
    telling = _Telling(
        "A reply gives back what the customer told.",
        "A reply says that it was heard, and not what was heard.",
        "No reply shows that the problem was heard.",
    )
    mark = _scored(Aspect.LISTEN, best, where, c, telling)
    if mark.score is None:
        return mark
    if misheard := [r for r in c.replies if r.message.id in c.misheard]:
        mark = _corrected(mark, misheard)
    asked = [r for r in c.replies if lexicon.asks_for(r.text) & r.told]
    same = [r for r in c.replies if r.again]
    why = mark.why
    why += " The customer was asked again for what they had told." if asked else ""
    why += " Much the same was said twice." if same else ""
    cost = NOT_LISTENED * (bool(asked) + bool(same))
    return Mark(
        Aspect.LISTEN, max(0, (mark.score or 0) - cost), why, mark.earned, (*mark.lost, *_ids([*asked, *same]))
    )


def _since_corrected(c: Conversation) -> tuple[Reply, ...]:
    """The replies after the last that the customer had to correct: what was misheard shows no listening."""
    last = max((n for n, r in enumerate(c.replies) if r.message.id in c.misheard), default=-1)
    return c.replies[last + 1 :]


def _corrected(mark: Mark, misheard: Sequence[Reply]) -> Mark:
    """Half at most, where it was taken rightly only after the customer said so."""
    score = min(mark.score or 0, GENERAL)
    why = "The customer had to correct what was taken to be their problem" + (
        ", and then it was heard." if score else "."
    )
    return Mark(mark.aspect, score, why, mark.earned, _ids(misheard))


def _apologise(c: Conversation) -> Mark:
    if not c.has_problem:
        return Mark(Aspect.APOLOGISE, None, NO_PROBLEM)
    best, where = _best(c.replies, _apology)
    if best is not Strength.SPECIFIC and any(_apology(r) is Strength.SPECIFIC for r in c.others):
        return Mark(Aspect.APOLOGISE, None, "The other one of bot and agent apologised.")
    telling = _Telling(
        "The apology names what went wrong.",
        "The apology fits any problem: it does not say what for.",
        "Nobody apologised.",
    )
    return _scored(Aspect.APOLOGISE, best, where, c, telling)


def _apology(r: Reply) -> Strength:
    return r.strength(RecoveryStep.APOLOGISE, lexicon.apology(r.text, r.problem))


def _owed_by_another(
    c: Conversation, aspect: Aspect, how: Callable[[Reply], Strength], best: Strength
) -> Mark | None:
    """A step that was not this speaker's to take: there was no problem, a person takes over, or it was done."""
    if not c.has_problem:
        return Mark(aspect, None, NO_PROBLEM)
    if best is Strength.SPECIFIC:
        return None
    if c.passed_on and best is Strength.ABSENT:
        return Mark(aspect, None, NOT_YET_A_PERSON)
    if aspect is not Aspect.RESOLVE and any(how(r) is Strength.SPECIFIC for r in c.others):
        return Mark(aspect, None, "The other one of bot and agent did it.")
    return None


def _thank(c: Conversation) -> Mark:
    def thanked(r: Reply) -> Strength:
        return r.strength(RecoveryStep.THANK, lexicon.thanks(r.text))

    best, where = _best(c.replies, thanked)
    telling = _Telling(
        "The customer is thanked for something they did.",
        "The thanks are a formula: they do not say what for.",
        "Nobody thanked the customer for telling us.",
    )
    return _owed_by_another(c, Aspect.THANK, thanked, best) or _scored(Aspect.THANK, best, where, c, telling)


def _explain(c: Conversation) -> Mark:
    def explained(r: Reply) -> Strength:
        return r.strength(RecoveryStep.EXPLAIN, lexicon.explanation(r.text))

    best, where = _best(c.replies, explained)
    telling = _Telling(
        "The cause is told, or that it is not known yet.",
        "The explanation says nothing that a customer could check.",
        "Nobody explained what happened, nor said that it is not known yet.",
    )
    return _owed_by_another(c, Aspect.EXPLAIN, explained, best) or _scored(Aspect.EXPLAIN, best, where, c, telling)


def _resolve(c: Conversation) -> Mark:
    def resolved(r: Reply) -> Strength:
        return r.strength(RecoveryStep.RESOLVE, _remedy(r))

    best, where = _best(c.replies, resolved)
    telling = _Telling(
        "A remedy is named with its amount or its time.",
        "A remedy is named, without an amount or a time.",
        "Nobody offered a remedy.",
    )
    return _owed_by_another(c, Aspect.RESOLVE, resolved, best) or _scored(Aspect.RESOLVE, best, where, c, telling)


def _remedy(r: Reply) -> Strength:
    return lexicon.remedy("\n".join((r.text, *r.message.offered)))


def _personal(c: Conversation) -> Mark:
    if not (c.has_problem and c.replies):
        return Mark(Aspect.PERSONAL, None, NO_PROBLEM if not c.has_problem else "Nobody has answered.")
    named = [r for r in c.replies if _names(r, c.known.first_name)]
    detailed = [r for r in c.replies if _has_detail(r, c.known.orders)]
    if detailed and (named or not c.known.first_name):
        return Mark(
            Aspect.PERSONAL, FULL, "It speaks of this customer's own matter.", _ids((*named[:1], *detailed[:1]))
        )
    if detailed:
        why = "It speaks of this customer's own matter, and never uses their name."
        return Mark(Aspect.PERSONAL, 80, why, _ids(detailed[:1]))
    if named:
        why = "It uses the customer's name, and nothing else that is theirs."
        return Mark(Aspect.PERSONAL, GENERAL, why, _ids(named[:1]))
    return Mark(Aspect.PERSONAL, 0, "It could have been written to anybody.", (), _ids(c.replies[:1]))


def _names(r: Reply, first_name: str) -> bool:
    return bool(first_name) and first_name.casefold() in lexicon.words(r.text)


def _has_detail(r: Reply, orders: tuple[str, ...]) -> bool:
    """An order's number, or at least a word that only this customer brought up."""
    return any(o in r.text for o in orders) or bool(lexicon.stems(r.text) & r.own_words)


def _history(c: Conversation) -> Mark:
    if not c.came_back_in and not c.known.failed_before:
        return Mark(Aspect.HISTORY, None, "There was no earlier contact about this that we know of.")
    used = [r for r in c.replies if lexicon.looks_back(r.text)]
    if used:
        return Mark(Aspect.HISTORY, FULL, "What went before is taken up.", _ids(used[:1]))
    if any(lexicon.looks_back(r.text) for r in c.others):
        return Mark(Aspect.HISTORY, None, "The other one of bot and agent took it up.")
    why = "The customer has been here before with this, and no reply takes it up."
    return Mark(Aspect.HISTORY, 0, why, (), _ids(c.replies[:1]))


def _apology_once(c: Conversation) -> Mark:
    sorry = [r for r in c.replies if lexicon.apologises(r.text)]
    if not sorry:
        return Mark(Aspect.APOLOGY_ONCE, None, "There was no apology that could be repeated.")
    due = max(1, len(c.problems)) + (len({r.message.who for r in sorry}) - 1)
    over = sorry[due:]
    if not over:
        return Mark(Aspect.APOLOGY_ONCE, FULL, "Nobody apologised for the same thing again.", _ids(sorry))
    why = f"{len(sorry)} apologies where {due} would have done: each more is worth less."
    return Mark(Aspect.APOLOGY_ONCE, max(0, FULL - A_REPEAT * len(over)), why, _ids(sorry[:due]), _ids(over))


def _options(c: Conversation) -> Mark:
    def choice(r: Reply) -> Strength:
        if len(r.message.offered) > 1 or lexicon.offers_choice(r.text):
            return Strength.SPECIFIC
        return Strength.GENERAL if r.message.offered or lexicon.remedies(r.text) else Strength.ABSENT

    best, where = _best(c.replies, choice)
    telling = _Telling(
        "The customer could choose between alternatives.",
        "There was one way out, and nothing to choose.",
        "The customer was offered nothing.",
    )
    excused = _owed_by_another(c, Aspect.OPTIONS, choice, best)
    return excused or _scored(Aspect.OPTIONS, best, where, c, telling)


def _tone(c: Conversation) -> Mark:
    if not c.replies:
        return Mark(Aspect.TONE, None, "Nobody has answered.")
    faults = {r.message.id: faults_of(r) for r in c.replies}
    scores = [max(0, FULL - sum(f.cost for f in found)) for found in faults.values()]
    told = list(dict.fromkeys(f.text for found in faults.values() for f in found))
    lost = tuple(message for message, found in faults.items() if found)
    earned = tuple(message for message, found in faults.items() if not found)
    moods = max(r.level for r in c.replies)
    fit = f"Length, questions and signs suit a customer who is {FrustrationLevel(moods).word}."
    return Mark(
        Aspect.TONE,
        round(sum(scores) / len(scores)),
        "; ".join(told[:4]).capitalize() + "." if told else fit,
        earned,
        lost,
    )


def _next_step(c: Conversation) -> Mark:
    last = [r for r in c.replies if r.last_turn]
    if not c.has_problem:
        return Mark(Aspect.NEXT_STEP, None, NO_PROBLEM)
    if not last:
        return Mark(Aspect.NEXT_STEP, None, "The customer's last words have no answer yet.")

    def step(r: Reply) -> Strength:
        if r.message.offered:
            return Strength.SPECIFIC
        return max(lexicon.next_step(r.text), Strength.GENERAL if r.message.has_buttons else Strength.ABSENT)

    best, where = _best(last, step)
    telling = _Telling(
        "The customer knows what happens next and when, or what to choose.",
        "The customer is asked something, or told what happens next without a time.",
        "The last answer does not say what happens next.",
    )
    mark = _scored(Aspect.NEXT_STEP, best, where, c, telling)
    return mark if best else Mark(mark.aspect, mark.score, mark.why, (), _ids(last[-1:]))


_MARKS: tuple[Callable[[Conversation], Mark], ...] = (
    _listen,
    _apologise,
    _thank,
    _explain,
    _resolve,
    _personal,
    _history,
    _apology_once,
    _options,
    _tone,
    _next_step,
)
