"""What is said beside a recovery: questions, thanks, small talk. Then back to the matter."""

import re
from dataclasses import replace
from datetime import datetime

from recovery import identifying, offering
from recovery.choosing import plain, says_no
from recovery.decision import Button, Decision, Part, RecordSurvey, Say
from recovery.following_up import ask_survey, survey_due
from recovery.orders import SHOWN, is_overdue
from recovery.playbook import Answer
from recovery.records import Case, History, Order
from recovery.situation import Situation, Topic
from recovery.state import Problem, Progress
from recovery.telling import PERSON, order_status, which_order
from recovery.words import ChallengeType, DialogueAct, RecoveryStep, Stage

OTHER_ORDER = re.compile(
    r"\b(?:(?:my|the|an?) ?other (?:order|parcel|delivery|package)"
    r"|(?:wrong|different) order|not that (?:order|parcel))\b"
)
OTHER_ONE = re.compile(r"\bthe other one\b")
CHANGED_MIND = re.compile(
    r"\bchang(?:ed?|ing) my mind\b|\bcancel (?:it|that|this)\b|\binstead\b|\bundo\b|\bafter all\b"
)


def make_it_right(order: Order) -> Button:
    """The offer to recover an order that turned out to be late."""
    late = f"challenge:{ChallengeType.LATE_DELIVERY}@{order.id}"
    return Button("Yes, put it right", DialogueAct.REPORT_PROBLEM, late)


def wants_other_order(s: Situation, problem: Problem) -> bool:
    """Whether a reply says that the order in hand is not the one. "The other one" may also mean an alternative."""
    if s.heard.choice or problem.order_id is None:
        return s.heard.choice == "other_order"
    text, table = plain(s.heard.text), offering.shown(problem)
    if OTHER_ORDER.search(text):
        return True
    between_two = problem.progress is Progress.AGREED and len(table) > 1
    return bool(OTHER_ONE.search(text)) and says_no(s.heard) and not between_two


def aside(s: Situation) -> Decision | None:
    """The answer to what is no part of the recovery itself, or None when it is."""
    match s.topic:
        case Topic.STATUS:
            return _status(s)
        case Topic.QUESTION:
            return _question(s)
        case Topic.SMALL_TALK:
            return _small_talk(s)
        case Topic.OUTSIDE:
            return _outside(s)
        case Topic.BOT_COMPLAINT:
            return _back_to_matter(s, Part("utter_own_bot_failure"), "bot_failure")
        case Topic.UNCLEAR:
            return _back_to_matter(s, Part("utter_rephrase"), "rephrase")
    return None


def nothing_in_hand(s: Situation) -> Decision:
    """The message names no problem and none is open: what is booked stays booked, else listen."""
    booked = s.state.last_booked
    told_again = any(p.challenge in s.heard.challenges for p in s.state.problems if p.progress is Progress.BOOKED)
    if booked is not None and s.verified and (told_again or _changes_mind(s)):
        told = Say((_case_part(s, booked),), (PERSON,))
        return Decision("booked_already", (told,), s.state, about=booked)
    if booked is not None and says_no(s.heard) and s.topic is Topic.RECOVER:
        return _ended(s)
    if s.topic is Topic.ANSWER_OFFER or (s.topic is Topic.RECOVER and says_no(s.heard)):
        return Decision("nothing_open", (Say((Part("utter_nothing_open"),)),), s.state)
    response = "utter_ask_what_happened_upset" if s.state.mood.level >= 2 else "utter_ask_what_happened"
    ask = Say((Part(response, {"name": s.first_name}, RecoveryStep.LISTEN),), (PERSON,))
    return Decision("ask_what_happened", (ask,), s.state)


def _changes_mind(s: Situation) -> bool:
    """After a booking: a late refusal, or an old button of the offer."""
    if s.heard.choice.startswith(("option:", "yes:")) or s.heard.act is DialogueAct.REJECT_OFFER:
        return True
    return bool(CHANGED_MIND.search(plain(s.heard.text)))


def _ended(s: Situation) -> Decision:
    """Nothing else: the survey, where it is due, or a kind word."""
    kind = Part("utter_you_are_welcome")
    if case := survey_due(s.state):
        ask, waiting = ask_survey(s.state, case)
        return Decision("survey", (Say((kind, *ask.parts), ask.buttons),), waiting, (RecordSurvey(case),))
    return Decision("small_talk", (Say((kind,)),), s.state)


def _back_to_matter(s: Situation, part: Part, step: str) -> Decision:
    """Say it, then put again what was in hand, so that nobody loses the thread."""
    again = _in_hand(s)
    if again is None:
        return Decision(step, (Say((part,), (PERSON,)),), s.state, about=s.problem)
    first = again.says[0]
    return replace(again, step=step, says=(replace(first, parts=(part, *first.parts)), *again.says[1:]))


def _in_hand(s: Situation) -> Decision | None:
    """What was asked last, put again. Only to who is verified: an offer tells of an order."""
    problem = s.problem
    if problem is None or not s.verified:
        return None
    if problem.progress is Progress.AGREED:
        return offering.offer_again(s, problem, "utter_offer_back")
    if problem.on_the_table:
        return offering.offer_again(s, problem, "utter_offer_still")
    if s.state.stage is Stage.IDENTIFYING and identifying.needs_order(s, problem):
        return identifying.ask_which_order(s, problem)
    return None


def _status(s: Situation) -> Decision:
    if s.history is None:
        return Decision("status", (Say((Part("utter_status_sign_in"),), (PERSON,)),), s.state)
    numbers = (s.heard.picked_order,) if s.heard.picked_order else s.heard.values("order_number")
    if numbers and all(s.history.order(n) is None for n in numbers):
        ask = which_order(s.history.orders[:SHOWN], s, "utter_order_not_found", DialogueAct.ASK_STATUS)
        return Decision("status", (ask,), s.state)
    order = _asked_about(s.history, numbers, s.now)
    live = s.problem
    if live is not None and live.on_the_table:
        return _back_to_matter(s, _case_part(s, live), "status")
    if (case := _open_case(s, order)) is not None:
        return Decision("status", (Say((_open_case_part(case, s),), (PERSON,)),), s.state)
    if order is None:
        return Decision("status", (Say((Part("utter_status_no_orders"),)),), s.state)
    buttons = (make_it_right(order), PERSON) if is_overdue(order, s.now) else ()
    return Decision("status", (Say((order_status(order, s),), buttons),), s.state)


def _asked_about(history: History, numbers: tuple[str, ...], now: datetime) -> Order | None:
    """The order asked about: by number, else the one overdue, else the latest."""
    for number in numbers:
        if order := history.order(number):
            return order
    overdue = [o for o in history.orders if is_overdue(o, now)]
    return next(iter(overdue or history.orders), None)


def _open_case(s: Situation, order: Order | None) -> Case | None:
    cases = [c for c in s.history.cases if c.is_open] if s.history else []
    about = [c for c in cases if order is not None and c.order_id == order.id]
    return next(iter(about or cases), None)


def _case_part(s: Situation, problem: Problem) -> Part:
    title = s.playbook.challenges[problem.challenge].title
    return Part("utter_status_in_hand", {"problem": title, "case": problem.case_id or ""})


def _open_case_part(case: Case, s: Situation) -> Part:
    title = s.playbook.challenges[case.challenge].title
    when = f"{case.opened_at.day} {case.opened_at:%b}"
    return Part("utter_status_case", {"problem": title, "case": case.id, "since": when})


def _question(s: Situation) -> Decision:
    if answer := _matching(s):
        return _back_to_matter(s, Part("utter_answer", {"answer": answer.text}), "answer")
    return _back_to_matter(s, Part("utter_no_answer"), "no_answer")


def _matching(s: Situation) -> Answer | None:
    text = s.heard.text.lower()

    def score(answer: Answer) -> int:
        return sum(1 for w in answer.words if re.search(rf"\b{re.escape(w)}", text))

    best = max(s.playbook.answers, key=score, default=None)
    return best if best is not None and score(best) > 0 else None


def _small_talk(s: Situation) -> Decision:
    ending = s.heard.act in (DialogueAct.THANK, DialogueAct.GOODBYE)
    if ending and s.problem is None and s.state.stage is Stage.BOOKED and survey_due(s.state):
        return _ended(s)
    response = {
        DialogueAct.THANK: "utter_you_are_welcome",
        DialogueAct.GREET: "utter_greet",
        DialogueAct.GOODBYE: "utter_goodbye",
    }.get(s.heard.act, "utter_chitchat")
    if response == "utter_goodbye" and s.problem is not None:
        response = "utter_goodbye_unsolved"
    name = f" {s.first_name}" if s.first_name else ""
    return _back_to_matter(s, Part(response, {"name": name, "company": s.playbook.company}), "small_talk")


def _outside(s: Situation) -> Decision:
    other = s.heard.unclear == "other_language"
    return _back_to_matter(s, Part("utter_other_language" if other else "utter_outside"), "outside")
