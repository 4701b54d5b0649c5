"""Take in a message: the mood after it, the problems it tells of, and the order each is about."""

import re
from dataclasses import replace
from datetime import timedelta

from recovery import mood
from recovery.choosing import NO, YES, by_words, choose_option, plain
from recovery.details import noted
from recovery.fine import turned_out_fine
from recovery.heard import Heard
from recovery.kin import kin
from recovery.orders import Known, OrderFinding, find_order, in_trouble, showing, told_of
from recovery.records import Order
from recovery.reports import asks_in_anger, challenges_told
from recovery.setting_aside import lets_be
from recovery.situation import Situation, Topic
from recovery.state import Problem, Progress, Recovery
from recovery.things import with_things
from recovery.words import ChallengeType, DialogueAct, Stage, Trigger

ALSO = re.compile(r"\b(?:also|too|as well|another|on top of|plus|both|and my)\b")
IT = re.compile(r"^\W*(?:(?:and|so|but|ok(?:ay)?|well|hi|hello|now|no|yes|yeah)\W+)*(?:it|they|it's|they're)\b")
DAYS_KEPT = 10
RESIGNED = re.compile(
    r"\b(?:never ?mind|nvm|forget (?:it|about it|this)|don'?t bother|leave it|giv(?:e|ing) up|what'?s the point"
    r"|no point|whatever|doesn'?t matter (?:any ?more|now)|not worth (?:it|my time))\b",
    re.IGNORECASE,
)


def feel(s: Situation, *, let_down: bool = False, helped: bool = True) -> Situation:
    """The mood after this message, whatever it is about; whoever is verified need not be asked again.

    What the reply before did: `let_down`, it led nowhere; `helped`, it gave reason to calm down.
    """
    unclear = s.topic is Topic.UNCLEAR
    felt = mood.after(
        s.state.mood, s.heard, refused=_refuses(s), not_understood=unclear, let_down=let_down, helped=helped
    )
    days = (*(s.state.came_on if s.problem else ()), s.heard.at.date())
    came_on = tuple(dict.fromkeys(days))[-DAYS_KEPT:]
    state = replace(s.state, mood=felt, turns=s.state.turns + 1, heard_at=s.heard.at, came_on=came_on)
    if s.verified:
        state = replace(state, unverified_in=(), asked_to_verify=0)
    return replace(s, state=state)


def take_in(s: Situation) -> Situation:
    """The situation once this message has been heard: its problems, their signs, the order of each."""
    topic = Topic.RECOVER if s.topic is Topic.STATUS and asks_in_anger(s) else s.topic
    state = _with_signs(_with_problems(s.state, s), s.heard)
    return replace(s, topic=topic, state=with_photos(_with_details(_with_orders(state, s), s), s.heard))


def _with_details(state: Recovery, s: Situation) -> Recovery:
    """What the message tells of the problems that it reports, else of the one in hand."""
    told = [p for p in state.problems if p.is_live and p.heard_in == s.heard.message_id]
    for problem in told or [p for p in (state.current,) if p is not None]:
        state = noted(state, problem, s.playbook.challenges[problem.challenge].details, s.heard)
    return _with_weight(with_things(state, s), s.heard)


def _with_weight(state: Recovery, heard: Heard) -> Recovery:
    """What weighs is kept with the problem in hand, the gravest that was told; a support need with every one."""
    current = state.current
    shown = [trigger.name for trigger in heard.triggers]

    def weighed(problem: Problem) -> Problem:
        here = current is not None and problem.key == current.key
        new = [t for t in shown if problem.is_live and (here or t is Trigger.VULNERABILITY)]
        return replace(problem, signs=tuple(dict.fromkeys((*problem.signs, *new))))

    return replace(state, problems=tuple(weighed(p) for p in state.problems))


def with_photos(state: Recovery, heard: Heard) -> Recovery:
    """A photo is evidence for whatever is in hand, and for what is told after it."""
    photos = (*state.photos, heard.message_id) if "photo" in heard.files else state.photos
    problems = tuple(replace(p, photos=photos) if p.is_live else p for p in state.problems)
    return replace(state, photos=photos, problems=problems)


def _with_signs(state: Recovery, heard: Heard) -> Recovery:
    """What stays true after the message that said it: a vulnerability, and having given up."""
    if heard.trigger(Trigger.VULNERABILITY):
        state = replace(state, vulnerable_in=(*state.vulnerable_in, heard.message_id))
    if _gives_up(state, heard) and not (turned_out_fine(state, heard) or lets_be(state, heard)):
        state = replace(state, cooled_in=(*state.cooled_in, heard.message_id))
    return state


def _gives_up(state: Recovery, heard: Heard) -> bool:
    """Words of resignation while a problem is unsolved, and they or the conversation before were no calm ones."""
    tried = any(state.mood.levels) or bool(state.misunderstood_in)
    problem = state.current
    unsolved = problem is not None and problem.told_at < state.turns and not _takes_one(problem, heard)
    return unsolved and (tried or bool(problem and problem.refused)) and bool(RESIGNED.search(heard.text))


def _takes_one(problem: Problem, heard: Heard) -> bool:
    """ "Fine, whatever, just deliver it" picks."""
    return heard.act in YES or (heard.act not in NO and by_words(problem.on_the_table, heard) is not None)


def _refuses(s: Situation) -> bool:
    problem = s.problem
    if s.topic is not Topic.ANSWER_OFFER or s.heard.act not in NO or s.state.stage is not Stage.OFFERING:
        return False
    return problem is not None and choose_option(problem.on_the_table, s.heard, problem.options) is None


def _with_problems(state: Recovery, s: Situation) -> Recovery:
    told = challenges_told(s)
    for challenge in told:
        if several := _on_several_orders(challenge, s, alone=len(told) == 1):
            state = _with_each(state, challenge, several, s)
            continue
        if any(_same(p, challenge, s) for p in state.problems):
            continue
        problem = Problem(
            challenge,
            s.heard.message_id,
            order_id=_meant_order(challenge, s),
            severity=s.playbook.challenges[challenge].severity,
            told_at=state.turns,
        )
        if (mistaken := _mistaken(state, challenge, s)) is not None:
            state = state.changed(mistaken, progress=Progress.DROPPED)
            problem = _instead(problem, mistaken, s)
        state = replace(state, problems=(*state.problems, problem))
    return state


def _meant_order(challenge: ChallengeType, s: Situation) -> str | None:
    """The order that is spoken of, where the message names none: "it came, but it's dented" at a check-back."""
    if s.history is None or s.heard.picked_order or told_of(s.history, s.heard) or s.heard.values("order_number"):
        return None
    order = s.history.order(_spoken_of(s))
    kinds = s.playbook.challenges[challenge].order_kinds
    return order.id if order is not None and kinds and order.kind in kinds else None


def _spoken_of(s: Situation) -> str | None:
    """The order of the question that was asked last, or, for an "it", of what was booked last."""
    state = s.state
    if state.stage is Stage.CHECKING_BACK:
        return next((p.order_id for p in reversed(state.problems) if p.case_id == state.check_back_case), None)
    if state.asked_about:
        return state.asked_about
    booked = state.last_booked
    return booked.order_id if booked and state.current is None and IT.match(plain(s.heard.text)) else None


def _on_several_orders(challenge: ChallengeType, s: Situation, *, alone: bool) -> tuple[Order, ...]:
    """The orders that one message tells of the same about: named each, and borne out by their events.

    Of several troubles (not `alone`) each is of several orders only where their numbers are told.
    """
    if s.history is None or s.heard.choice or challenge is ChallengeType.WRONG_ITEM:
        return ()
    rule = s.playbook.challenges[challenge]
    shown = showing(s.history, rule, s.now)
    numbers = s.heard.values("order_number")
    if not alone and not numbers:
        return ()  # "the kettle came smashed and the lamp has a bulb missing": which is which, is asked
    told = told_of(s.history, s.heard)
    borne_out = [o for o in told if o in shown or (alone and (numbers or in_trouble(o, s.heard)))]
    named = [o for o in borne_out if o.id in numbers] if numbers else borne_out
    named.sort(key=lambda o: numbers.index(o.id) if numbers else 0)  # as they were told
    alike = len({o.title for o in named}) < len(named)  # one name that fits several tells of none of them surely
    return tuple(named) if len(named) > 1 and (numbers or not alike) else ()


def _with_each(state: Recovery, challenge: ChallengeType, orders: tuple[Order, ...], s: Situation) -> Recovery:
    """A problem for each order, but for those that are in hand or booked already."""
    for number, order in enumerate(orders, 1):
        if any(p.challenge is challenge and p.order_id == order.id and _stands(p, s) for p in state.problems):
            continue
        severity = s.playbook.challenges[challenge].severity
        problem = Problem(
            challenge, s.heard.message_id, order_id=order.id, severity=severity, told_at=state.turns, part=number
        )
        state = replace(state, problems=(*state.problems, problem))
    return state


def _stands(problem: Problem, s: Situation) -> bool:
    return problem.is_live or (problem.progress is Progress.BOOKED and under_way(problem, s))


def _same(problem: Problem, challenge: ChallengeType, s: Situation) -> bool:
    """Whether a report of a challenge means this problem: in hand, or booked and not yet due to be done."""
    if _on_another_order(problem, s):
        return False
    if problem.challenge is not challenge:
        # A yes corrects nothing: "yes, refund the lost one" is still about the late one.
        yes = s.heard.act in YES and not ALSO.search(plain(s.heard.text))
        return yes and problem.is_live and kin(problem.challenge, challenge)
    return _stands(problem, s)


def under_way(problem: Problem, s: Situation) -> bool:
    """Whether what was booked has not had its time yet: until then, the problem told again is no failed recovery."""
    option, rule = problem.option(problem.agreed), None
    if option is not None:
        rule = s.playbook.follow_ups.get(option.remedy)
    given = [c.granted_at for c in s.history.compensations if c.case_id == problem.case_id] if s.history else []
    return bool(given) and s.now < max(given) + timedelta(minutes=rule.after_minutes if rule else 0)


def _on_another_order(problem: Problem, s: Situation) -> bool:
    """A report that names other orders is about another problem; a mere number corrects the order."""
    numbers = s.heard.values("order_number")
    reports = s.heard.act is DialogueAct.REPORT_PROBLEM or s.heard.act in YES
    if not reports or problem.order_id is None:
        return False
    if numbers:
        return problem.order_id not in numbers
    # "and the lamp is late as well"
    named = told_of(s.history, s.heard) if s.history and ALSO.search(plain(s.heard.text)) else ()
    return bool(named) and all(o.id != problem.order_id for o in named)


def _mistaken(state: Recovery, challenge: ChallengeType, s: Situation) -> Problem | None:
    """A live problem that this one corrects: told of earlier, and easily confused with it."""
    if ALSO.search(plain(s.heard.text)):
        return None
    for p in state.problems:
        earlier = p.is_live and p.heard_in != s.heard.message_id
        if earlier and kin(p.challenge, challenge) and not _on_another_order(p, s):
            return p
    return None


def _instead(problem: Problem, mistaken: Problem, s: Situation) -> Problem:
    """The corrected problem keeps the order that was found, where it can be of that kind."""
    rules = s.playbook.challenges
    kinds = set(rules[mistaken.challenge].order_kinds) & set(rules[problem.challenge].order_kinds)
    kept = mistaken.order_id if kinds else None
    return replace(problem, order_id=kept, numbers=mistaken.numbers, not_orders=mistaken.not_orders)


def _with_orders(state: Recovery, s: Situation) -> Recovery:
    """A number or a name in a message is about the problems it tells of, else about the one in hand."""
    live = [p for p in state.problems if p.is_live]
    told = [p for p in live if p.heard_in == s.heard.message_id and not p.part]
    split = any(p.part and p.heard_in == s.heard.message_id for p in live)
    in_hand = [p for p in live if p == state.current and not split and (not told or p.order_id is None)]
    for problem in dict.fromkeys((*told, *in_hand)):
        state = with_order(state, problem, s)
    return state


def with_order(state: Recovery, problem: Problem, s: Situation) -> Recovery:
    """The state with the order of one problem, where it can be known."""
    if not s.verified:
        numbers = s.heard.values("order_number")
        return state.changed(problem, numbers=numbers) if numbers else state
    found = finding(problem, s).order
    if found is None:
        return state.changed(problem, numbers=())
    if found.id == problem.order_id or (problem.order_id is not None and not _names_one(s.heard)):
        return state
    if any(p.is_live and p.challenge is problem.challenge and p.order_id == found.id for p in state.problems):
        return state  # that one is in hand already
    if problem.order_id is None and not problem.options:
        return state.changed(problem, order_id=found.id, numbers=())
    base = s.playbook.challenges[problem.challenge].severity
    return state.with_problem(problem, lambda p: p.of_another_order(found.id, base))


def _names_one(heard: Heard) -> bool:
    """Whether the customer picks an order by number or by a click: a passing word corrects none."""
    return bool(heard.picked_order or heard.values("order_number"))


def finding(problem: Problem, s: Situation) -> OrderFinding:
    """Which of the customer's orders a problem is about."""
    rule = s.playbook.challenges[problem.challenge]
    if s.history is None or not (rule.needs_order or rule.order_kinds):
        return OrderFinding(None)
    listed = s.state.listed_orders if s.state.stage is Stage.IDENTIFYING else ()
    return find_order(rule, s.heard, s.history, s.now, Known(problem.numbers, problem.not_orders, listed))
