"""What is said beside a recovery: questions, thanks, small talk. Then back to the matter."""

import re
from dataclasses import replace

from recovery import offering
from recovery.choosing import says_no
from recovery.decision import Button, Decision, Part, RecordSurvey, Say
from recovery.following_up import ask_survey, survey_due
from recovery.heard import Heard
from recovery.orders import is_overdue
from recovery.playbook import Answer
from recovery.records import Case, Order
from recovery.situation import Situation, Topic
from recovery.state import Problem, Progress
from recovery.telling import PERSON, order_status
from recovery.words import ChallengeType, DialogueAct, RecoveryStep, Stage

OTHER_ORDER_WORDS = re.compile(
    r"\b(?:(?:an?)?other (?:one|order|parcel|item)|wrong order|not that (?:order|one)|different order)\b",
    re.IGNORECASE,
)
MAKE_IT_RIGHT = Button("Yes, put it right", DialogueAct.REPORT_PROBLEM, f"challenge:{ChallengeType.LATE_DELIVERY}")


def wants_other_order(heard: Heard) -> bool:
    """Whether a reply says that the order in hand is not the one."""
    return heard.choice == "other_order" or (not heard.choice and bool(OTHER_ORDER_WORDS.search(heard.text)))


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


def ask_what_happened(s: Situation) -> Decision:
    """Nothing is in hand and the message names no problem: listen."""
    if s.topic is Topic.ANSWER_OFFER or (s.topic is Topic.RECOVER and says_no(s.heard)):
        return Decision("nothing_open", (Say((Part("utter_nothing_open"),)),), s.state)
    response = "utter_ask_what_happened_upset" if s.state.mood.level >= 2 else "utter_ask_what_happened"
    ask = Say((Part(response, {"name": s.first_name}, RecoveryStep.LISTEN),), (PERSON,))
    return Decision("ask_what_happened", (ask,), s.state)


def _back_to_matter(s: Situation, part: Part, step: str) -> Decision:
    """Say it, then put again what was in hand, so that nobody loses the thread."""
    problem = s.problem
    if problem is not None and problem.progress is Progress.AGREED:
        again = offering.offer_again(s, problem, "utter_offer_back")
    elif problem is not None and problem.on_the_table:
        again = offering.offer_again(s, problem, "utter_offer_still")
    else:
        return Decision(step, (Say((part,), (PERSON,)),), s.state, about=problem)
    first = again.says[0]
    return replace(again, step=step, says=(Say((part, *first.parts), first.buttons), *again.says[1:]))


def _status(s: Situation) -> Decision:
    if s.history is None:
        return Decision("status", (Say((Part("utter_status_sign_in"),), (PERSON,)),), s.state)
    order = _asked_about(s)
    live = s.problem
    if live is not None and live.on_the_table:
        return _back_to_matter(s, _case_part(s, live), "status")
    if (case := _open_case(s, order)) is not None:
        return Decision("status", (Say((_open_case_part(case, s),), (PERSON,)),), s.state)
    if order is None:
        return Decision("status", (Say((Part("utter_status_no_orders"),)),), s.state)
    buttons = (MAKE_IT_RIGHT, PERSON) if is_overdue(order, s.now) else ()
    return Decision("status", (Say((order_status(order, s),), buttons),), s.state)


def _asked_about(s: Situation) -> Order | None:
    """The order asked about: by number, else the one overdue, else the latest."""
    assert s.history is not None  # noqa: S101 - the caller has looked
    for number in s.heard.values("order_number"):
        if order := s.history.order(number):
            return order
    overdue = [o for o in s.history.orders if is_overdue(o, s.now)]
    return next(iter(overdue or s.history.orders), None)


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
    if ending and s.state.stage is Stage.BOOKED and (case := survey_due(s.state)):
        ask, waiting = ask_survey(s.state, case)
        says = (Say((Part("utter_you_are_welcome"), *ask.parts), ask.buttons),)
        return Decision("survey", says, waiting, (RecordSurvey(case),))
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
