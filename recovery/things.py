"""Which thing of an order of several it is: as the customer names it, or as they answer when they are asked."""

import re
from dataclasses import dataclass, replace

from recovery.choosing import plain
from recovery.decision import Button, Decision, Part, Say
from recovery.heard import Heard
from recovery.kin import kin
from recovery.orders import items_named, telling_words
from recovery.records import Order, OrderItem
from recovery.situation import Situation, Topic
from recovery.state import Problem, Progress, Recovery
from recovery.telling import PERSON, others_told, with_person_early
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, Stage

OF_A_THING = frozenset(  # what can be wrong with one thing of an order while the others are well
    {
        ChallengeType.DAMAGED_ITEM,
        ChallengeType.FAULTY_PRODUCT,
        ChallengeType.NOT_AS_DESCRIBED,
        ChallengeType.WRONG_ITEM,
        ChallengeType.MISSING_ITEM,
    }
)
ASKS = {
    ChallengeType.MISSING_ITEM: "utter_ask_which_missing",
    ChallengeType.WRONG_ITEM: "utter_ask_which_wrong",
}
SHOWN = 6
ONE_OBVIOUS = 3  # of a price of 4: the rest is beside it
A_NAME = 4  # words: asked what is missing, "the crystal wine glasses" names the very thing
ITEM = "item:"
EVERY, NOT_KNOWN = "all", "unknown"
ALL_BUTTON = Button("utter_title_all_of_them", DialogueAct.INFORM, f"{ITEM}{EVERY}")
UNSURE_BUTTON = Button("utter_title_not_sure", DialogueAct.INFORM, f"{ITEM}{NOT_KNOWN}")
ALL = re.compile(
    r"\b(?:all of (?:it|them|these|those|the)|(?:it|them|they|these)(?:'?s| is| are| were)? all\b|it all|everything"
    r"|every (?:single )?(?:one|thing|bit)|the (?:whole (?:lot|thing|order|box)|lot)|both|all (?:two|three|four|five)"
    r"|each of them|whole order|nothing (?:came|was in))\b"
)
ONLY_ALL = re.compile(r"^\W*(?:all|both|everything|the lot)\W*$")
_CLAUSE = re.compile(r"[.;:!?,\n]+|\bbut\b|\band\b")
_BE = r"(?:is|are|was|were|has|have|had|been|just|still|also|both|all|simply|completely|nowhere|it|they)"
_LACKS_BEFORE = re.compile(
    r"\b(?:without|no|not|missing|minus|forgot\w*|left out|where(?:'s| is| are))(?: any| sign of)?"
    r"(?: the| my| our| any| a| an)?(?: \w+)?$"
)
_LACKS_AFTER = re.compile(
    rf"^(?: {_BE}| to be| seems?)*"
    r" (?:missing(?! (?:a|an|its|it's|their|the|one|two|some|parts?|pieces?|\d+)\b)|left out|forgotten|nowhere"
    r"|(?:is|are|was|were|has|have|had|did)(?:n'?t| not| never)(?: been)?"
    r" (?:in|there|here|come|came|arrived?|with|included|packed|sent|put|inside)|never (?:came|arrived|turned up))\b"
)
_BARE = re.compile(r"^\W*(?:(?:both |and |only )?(?:the|my|our|a|an)\b)?\W*$")
_A_PART = re.compile(
    r"(?:\b(?:one|two|three|four|five|six|\d+|some|half|several|(?:a )?(?:few|couple|part|piece|bit))(?: of)?"
    r"|\b(?:of|from|for|on|in|inside|to|with))(?: the| my| our| a| these| those)?(?: \w+)?$"
)
_ONLY = re.compile(r"\bonly(?: \w+){0,3}$")


@dataclass(frozen=True, slots=True)
class Meant:
    """The things that are meant, by id; none: not told, or all of them. `part`: what lacks is a part of them."""

    items: tuple[str, ...] = ()
    part: bool = False


def wrong_things(challenge: ChallengeType, order: Order, heard: Heard) -> Meant:
    """What of an order of several things a message names as wrong."""
    if challenge is ChallengeType.MISSING_ITEM:
        return _missing(order, heard)
    return Meant(items_named(order, heard))


def _missing(order: Order, heard: Heard) -> Meant:
    """ "The hamper came without the glasses" misses the glasses; "the lid of the kettle", a part of the kettle."""
    text = plain(heard.text)
    named = [i for i in order.items if telling_words(text) & telling_words(i.name)]
    if len(order.items) < 2 or not named:
        return Meant()
    clauses = _CLAUSE.split(text)
    if came := [i for i in named if any(_ONLY.search(before) for before, _ in _around(i, clauses))]:
        return Meant(tuple(i.id for i in order.items if i not in came))
    lacking = tuple(i.id for i in named if any(_lacks(*place) for place in _around(i, clauses)))
    if lacking:  # "the hamper and the glasses are missing": what is told of the last is told of both
        lacking = tuple(i.id for i in named if i.id in lacking or _only_named(i, clauses))
        return Meant(lacking if len(lacking) < len(order.items) else ())
    return Meant(items_named(order, heard), part=True)


def _around(item: OrderItem, clauses: list[str]) -> list[tuple[str, str]]:
    """The words before and after each mention of a thing, within its clause."""
    names = telling_words(item.name)
    found = []
    for clause in clauses:
        own = [m for m in re.finditer(r"[\w']+", clause) if telling_words(m[0]) & names]
        if own:
            found.append((clause[: own[0].start()].rstrip(), clause[own[-1].end() :]))
    return found


def _only_named(item: OrderItem, clauses: list[str]) -> bool:
    return any(_BARE.match(before) and not after.strip() for before, after in _around(item, clauses[:-1]))


def _lacks(before: str, after: str) -> bool:
    if _A_PART.search(before) and not _LACKS_BEFORE.search(before):
        return False
    return bool(_LACKS_BEFORE.search(before) or _LACKS_AFTER.search(after))


# The question


def asks(s: Situation, problem: Problem, order: Order | None) -> bool:
    """Whether "which one?" is to be asked: once, of several things, where nothing was named.

    Who is furious is not asked where one thing is most of the order.
    """
    if order is None or problem.challenge not in OF_A_THING or problem.asked_thing or problem.options:
        return False
    if len(_unlike(order)) < 2 or problem.items or problem.every_thing:
        return False
    dearest = max(i.pence * i.quantity for i in order.items)
    obvious = dearest * (ONE_OBVIOUS + 1) >= order.pence * ONE_OBVIOUS
    return not (s.state.mood.level >= FrustrationLevel.FURIOUS and obvious)


def ask(s: Situation, problem: Problem, order: Order, first: Say | None) -> Decision:
    """Name the things, as buttons; several and "all of them" are answers, and so is "not sure"."""
    things = tuple(Button(i.name, DialogueAct.INFORM, f"{ITEM}{i.id}") for i in _unlike(order)[:SHOWN])
    put = Say((Part(ASKS.get(problem.challenge, "utter_ask_which_thing"), {"name": s.first_name}),))
    put = replace(with_person_early(put, s), buttons=(*things, ALL_BUTTON, UNSURE_BUTTON, PERSON))
    if first and (others := others_told(s)):
        first = replace(first, parts=(*first.parts, others))
    state = replace(s.state.changed(problem, asked_thing=True), stage=Stage.IDENTIFYING)
    return Decision("ask_which_thing", (first, put) if first else (put,), state, about=problem)


def _unlike(order: Order) -> tuple[OrderItem, ...]:
    return tuple({i.name: i for i in order.items}.values())


def waiting(s: Situation) -> Problem | None:
    """The problem whose thing we asked for, until there is an offer."""
    problem = s.problem
    asked = problem is not None and problem.asked_thing and s.state.stage is Stage.IDENTIFYING
    unknown = problem is not None and not (problem.items or problem.options or problem.every_thing)
    return problem if asked and unknown and problem and problem.progress is Progress.HEARD else None


def answered(s: Situation) -> Situation:
    """The answer to "which one?", in words or as a button. What is none leaves it at the whole order."""
    problem = waiting(s)
    order = s.history.order(problem.order_id) if s.history and problem else None
    if problem is None or order is None or s.topic is Topic.PERSON:
        return s
    meant, every = _answer(problem.challenge, order, s.heard)
    told = bool(meant.items or every)
    if not told and s.topic not in (Topic.RECOVER, Topic.ANSWER_OFFER, Topic.UNCLEAR, Topic.SMALL_TALK):
        return s
    if not told and s.heard.unclear == "other_language":
        return s
    state = s.state.changed(problem, items=meant.items, part_missing=meant.part, every_thing=every)
    # The words that name it are no new report: "the glasses are smashed" is still the same problem.
    others = tuple(c for c in s.heard.challenges if not kin(c, problem.challenge))
    heard = replace(s.heard, unclear="", act=DialogueAct.INFORM if not others else s.heard.act, challenges=others)
    topic = s.topic if s.topic in (Topic.STATUS, Topic.QUESTION) else Topic.RECOVER
    return replace(s, topic=topic, heard=heard, state=replace(state, stage=Stage.OPEN))


def _answer(challenge: ChallengeType, order: Order, heard: Heard) -> tuple[Meant, bool]:
    """Which things, and whether it is all of them."""
    if heard.choice.startswith(ITEM):
        chosen = heard.choice.removeprefix(ITEM)
        return Meant((chosen,) if any(i.id == chosen for i in order.items) else ()), chosen == EVERY
    if named_all(heard) and not items_named(order, heard):
        return Meant(), True
    named = items_named(order, heard)
    if not named:
        words = telling_words(heard.text)
        return Meant(), all(words & telling_words(i.name) for i in order.items)
    if challenge is ChallengeType.MISSING_ITEM and (meant := _missing(order, heard)).items:
        return (meant if not (meant.part and len(heard.text.split()) <= A_NAME) else Meant(named)), False
    return Meant(named), False


def named_all(heard: Heard) -> bool:
    """Whether a message says that it is all of it."""
    text = plain(heard.text)
    return ALL.search(text) is not None or ONLY_ALL.match(text) is not None


def with_things(state: Recovery, s: Situation) -> Recovery:
    """What is wrong of an order of several things, as first named: what is owed rests on it."""
    if s.history is None or s.heard.choice:
        return state
    for problem in state.problems:
        known = problem.items or problem.options or problem.every_thing
        order = s.history.order(problem.order_id)
        if known or not problem.is_live or problem.challenge not in OF_A_THING or order is None:
            continue
        meant = wrong_things(problem.challenge, order, s.heard)
        every = not meant.items and _every(order, s.heard)
        if meant.items or every:
            state = state.changed(problem, items=meant.items, part_missing=meant.part, every_thing=every)
    return state


def _every(order: Order, heard: Heard) -> bool:
    words = telling_words(heard.text)
    return named_all(heard) or all(words & telling_words(i.name) for i in order.items)
