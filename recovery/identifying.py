"""Listen before resolving: who the customer is, and which order it is about."""

from dataclasses import replace

from recovery.assessment import assess
from recovery.decision import Decision, Part, Say
from recovery.listening import finding
from recovery.situation import Situation
from recovery.state import Problem
from recovery.telling import PERSON, SIGNED_IN, facts_of, opening, which_order, with_person_early
from recovery.words import RecoveryStep, Stage


def ask_to_verify(s: Situation, problem: Problem) -> Decision:
    """A stranger is heard and apologised to; only who is verified as the owner sees or changes an order."""
    assessment = assess(problem, s.heard, None, s.playbook, s.now, s.around.contingencies)
    asked = s.state.asked_to_verify + 1
    # The asking counts, and each answer that does not verify (see next_step): the second hands over.
    unverified = tuple(dict.fromkeys((*s.state.unverified_in, s.heard.message_id)))
    state = replace(s.state, stage=Stage.VERIFYING, asked_to_verify=asked, unverified_in=unverified)
    usually = {**facts_of(assessment, s), "usually": s.playbook.challenges[problem.challenge].usually}
    first = opening(assessment, s)
    can = () if asked > 1 else (Part("utter_usually", usually),)
    how = "utter_ask_for_email" if s.around.mails_codes else "utter_ask_to_sign_in"
    ask = with_person_early(Say((*can, Part(how, usually)), (SIGNED_IN, PERSON)), s)
    return Decision("ask_to_verify", (first, ask) if first else (ask,), state, about=problem)


def ask_which_order(s: Situation, problem: Problem) -> Decision:
    """Several orders fit, or none: ask, with buttons, after acknowledging what was told."""
    found = finding(problem, s)
    choices = found.choices
    state = replace(s.state, stage=Stage.IDENTIFYING, listed_orders=tuple(o.id for o in choices))
    if found.not_theirs:
        response = "utter_order_not_found"
    elif not choices:
        response = "utter_ask_order_number"
    else:
        response = "utter_ask_which_order"
    ask = which_order(choices, s, response)
    if not problem.did(RecoveryStep.LISTEN):
        listen = Part("utter_acknowledge", {"name": s.first_name}, RecoveryStep.LISTEN)
        ask = Say((listen, *ask.parts), ask.buttons)
    return Decision("ask_which_order", (with_person_early(ask, s),), state, about=problem)


def needs_order(s: Situation, problem: Problem) -> bool:
    return s.playbook.challenges[problem.challenge].needs_order and problem.order_id is None
