"""What it is about is not known: nothing is open, or the message names no problem."""

import re
from dataclasses import replace

from recovery.choosing import OTHER, plain, says_no
from recovery.decision import Button, Decision, Part, Say
from recovery.elsewhere import open_case, open_case_part
from recovery.following_up import ask_survey, survey_due
from recovery.orders import told_of
from recovery.records import Order
from recovery.situation import Situation, Topic
from recovery.state import Progress, Recovery
from recovery.telling import NO, PERSON, USUAL, choices, in_a_sentence, known_troubles, of_order, own_troubles
from recovery.words import ChallengeType, DialogueAct, RecoveryStep

THATS_IT = "utter_title_thats_it"
LEFT_OPEN = frozenset({Topic.RECOVER, Topic.ANSWER_OFFER})
SHRUGS = re.compile(  # "ok whatever" after a booking wants nothing more
    r"^\W*(?:(?:ok(?:ay)?|k|fine|right|all ?right|whatever|sure|good|cool|great|then|well|i guess|i suppose)\W*)+$"
)
AT_LENGTH = 10  # words: whoever wrote so many has told what happened


def nothing_in_hand(s: Situation) -> Decision:
    """The message names no problem and none is open: what is booked stays booked, else listen."""
    booked = s.state.last_booked
    told_again = any(p.challenge in s.heard.challenges for p in s.state.problems if p.progress is Progress.BOOKED)
    clicked = s.heard.choice.startswith(("option:", "yes:"))
    if booked is not None and s.verified and (told_again or clicked):
        option = booked.option(booked.agreed)
        facts = {"promise": option.promise if option else "", "case": booked.case_id or ""}
        told = Say((Part("utter_booked_already", facts),), (PERSON,))
        return Decision("booked_already", (told,), s.state, about=booked)
    if booked is not None and s.topic in LEFT_OPEN and (says_no(s.heard) or SHRUGS.match(plain(s.heard.text))):
        return ended(s)
    answers = s.topic is Topic.ANSWER_OFFER or (s.topic is Topic.RECOVER and says_no(s.heard))
    if answers and not s.state.asked_what and (case := open_case(s, None)) is not None:
        return Decision("status", (Say((open_case_part(case, s),), (PERSON,)),), s.state)
    if answers and not s.state.asked_what:
        return Decision("nothing_open", (Say((Part("utter_nothing_open"),)),), s.state)
    if s.state.asked_what and s.state.to_put_right and says_no(s.heard):
        return _what_else(s)
    if s.state.asked_what:  # asked, answered, and still not known: in other words, and with choices
        again = Say((Part("utter_rephrase"),), (*choices(s), PERSON))
        return Decision("rephrase", (again,), _with_the_one(s))
    named = told_of(s.history, s.heard) if s.history else ()
    if named and s.heard.act is DialogueAct.REPORT_PROBLEM:  # it is known what it is about, but not what is wrong
        item = {"item": in_a_sentence(named[0].title)}
        about = named[0].id if len(named) == 1 else ""
        ask = Say((Part("utter_ask_what_is_wrong", item, RecoveryStep.LISTEN),), (*USUAL, PERSON))
        return Decision("ask_what_happened", (ask,), replace(s.state, asked_what=True, asked_about=about))
    if the_one := _the_one(s):
        return _is_it_this(s, *the_one)
    if s.heard.act is DialogueAct.REPORT_PROBLEM and len(s.heard.text.split()) >= AT_LENGTH:
        # Nobody who has just told it all is asked what happened.
        which = Say((Part("utter_told_not_placed", step=RecoveryStep.LISTEN),), (*choices(s), PERSON))
        return Decision("ask_what_happened", (which,), replace(s.state, asked_what=True))
    response = "utter_ask_what_happened_upset" if s.state.mood.level >= 2 else "utter_ask_what_happened"
    ask = Say((Part(response, {"name": s.first_name}, RecoveryStep.LISTEN),), (*known_troubles(s), PERSON))
    return Decision("ask_what_happened", (ask,), replace(s.state, asked_what=True))


def _the_one(s: Situation) -> tuple[ChallengeType, Order] | None:
    """The one thing that the customer's orders show to have gone wrong."""
    own = own_troubles(s)
    return own[0] if len(own) == 1 else None


def _with_the_one(s: Situation) -> Recovery:
    """A yes means what heads the choices, where only that can be meant."""
    the_one = _the_one(s)
    return replace(s.state, to_put_right=of_order(*the_one) if the_one else "")


def _is_it_this(s: Situation, challenge: ChallengeType, order: Order) -> Decision:
    """Nobody need tell what our own records show: a yes is enough."""
    facts = {"item": in_a_sentence(order.title), "problem": s.playbook.challenges[challenge].title}
    yes = Button(THATS_IT, DialogueAct.REPORT_PROBLEM, of_order(challenge, order))
    ask = Say((Part("utter_is_it_this", facts, RecoveryStep.LISTEN),), (yes, NO, PERSON))
    return Decision("ask_what_happened", (ask,), replace(_with_the_one(s), asked_what=True))


def _what_else(s: Situation) -> Decision:
    """It is not what the records show: "the other one" is their one other order."""
    others = [o for o in (s.history.orders if s.history else ()) if not s.state.to_put_right.endswith(f"@{o.id}")]
    if len(others) == 1 and OTHER.search(plain(s.heard.text)):
        item = {"item": in_a_sentence(others[0].title)}
        ask = Say((Part("utter_ask_what_is_wrong", item, RecoveryStep.LISTEN),), (*USUAL, PERSON))
        state = replace(s.state, to_put_right="", asked_what=True, asked_about=others[0].id)
        return Decision("ask_what_happened", (ask,), state)
    ask = Say((Part("utter_what_else", step=RecoveryStep.LISTEN),), (*USUAL, PERSON))
    return Decision("ask_what_happened", (ask,), replace(s.state, to_put_right=""))


def ended(s: Situation) -> Decision:
    """Nothing else: the survey, where it is due, or a kind word."""
    kind = Part("utter_you_are_welcome")
    case = survey_due(s.state)
    if case and (asked := ask_survey(s.state, case, s.playbook, s.around.surveyed_at, s.now)):
        say = Say((kind, *asked.say.parts), asked.say.buttons)
        return Decision("survey", (say,), asked.state, (asked.record,), nearly=asked.nearly)
    return Decision("small_talk", (Say((kind,)),), s.state)
