"""Resolve: put the alternatives, hear the answer, confirm, and book only what was confirmed."""

import re
from dataclasses import replace

from recovery.assessment import Assessment
from recovery.choosing import (
    OTHER,
    bargains_for,
    by_words,
    choose_option,
    confirms,
    names,
    other_than,
    plain,
    ruled_out,
    says_no,
    says_yes,
)
from recovery.decision import Book, Button, Decision, Effect, Part, Say, Schedule
from recovery.heard import Heard
from recovery.owed import CHOICE, owed_above, told_with_offer
from recovery.playbook import Playbook
from recovery.policy import Ruling, promised
from recovery.price import paid_back, within_price
from recovery.provisos import condition_on, honestly
from recovery.purse import granted_in_the_year, purse_of
from recovery.situation import Situation
from recovery.state import Option, Problem, Progress, Recovery
from recovery.telling import (
    NO,
    PERSON,
    explanation,
    facts_of,
    in_a_sentence,
    noted,
    offer,
    opening,
    others_told,
    with_person_early,
    yes_to,
)
from recovery.words import DialogueAct, FollowUpKind, RecoveryStep, Remedy, Role, Stage

A_YES = re.compile(
    r"\W*(?:y|ye[sapu]\w*|aye|ok(?:ay)?|sure|please|pls|fine|go (?:on|ahead|for it)|book|do it|deal|right|great)\b"
)
BOTH = re.compile(r"\b(?:both|all of (?:them|it|these)|the lot)\b", re.IGNORECASE)
WHICH = "utter_offer_which"
AT_ONCE = 2  # alternatives shown together: a tired person can compare two


def shown(problem: Problem) -> tuple[Option, ...]:
    """The alternatives on the table now."""
    return problem.on_the_table[:AT_ONCE]


def make_offer(s: Situation, assessment: Assessment, ruling: Ruling) -> Decision:
    """The first offer for a problem: apologise, explain, and offer what the recovery policy allows."""
    problem = replace(
        assessment.problem,
        options=ruling.options,
        progress=Progress.OFFERED,
        severity=assessment.severity,
    )
    state = replace(s.state.with_problem(assessment.problem, lambda _: problem), stage=Stage.OFFERING)
    first = opening(assessment, s)
    if first and (others := others_told(s)):
        first = replace(first, parts=(*first.parts, others))
    lead = Part("utter_offer", facts_of(assessment, s))
    put = offer(problem, shown(problem), lead, explained=explanation(assessment, s))
    if first and _asks_photo(s, problem):
        first = replace(first, parts=(*first.parts, Part("utter_ask_photo")))
    if due := owed_above(ruling):
        put = _with_owed(put, s, due)
    put = with_person_early(put, s)
    says = (first, put) if first else (put,)
    return Decision(
        "offer", says, state, rules=ruling.rules, nearly=ruling.nearly, inputs=ruling.facts, about=problem
    )


def _with_owed(put: Say, s: Situation, due: Option) -> Say:
    """What is owed above the bot's limit is no secret: it can be picked, and a person confirms the sum."""
    pick = Button(due.label, DialogueAct.ACCEPT_OFFER, f"{CHOICE}{due.id}")
    buttons = (*put.buttons[:-2], pick, *put.buttons[-2:])
    return replace(put, parts=(*put.parts, told_with_offer(s, due)), buttons=buttons)


def _asks_photo(s: Situation, problem: Problem) -> bool:
    """Whether a photo would help that nobody has sent yet. Nothing waits for it."""
    return s.playbook.challenges[problem.challenge].asks_for == "photo" and not problem.photos


def offer_again(s: Situation, problem: Problem, response: str, first: Part | None = None) -> Decision:
    """Put what is on the table once more, after something else was said; `first` answers what was."""
    state = replace(s.state, stage=Stage.OFFERING)
    if problem.agreed and (option := problem.option(problem.agreed)):
        return ask_to_confirm(s, problem, option, first)
    lead = Part("utter_offer_still" if first else response)
    return Decision("offer_again", (offer(problem, shown(problem), lead, explained=first),), state, about=problem)


def answer(s: Situation, problem: Problem) -> Decision | None:
    """The customer's answer to an offer, or None when it was no answer."""
    if problem.progress is Progress.AGREED:
        return _answer_confirmation(s, problem)
    if s.heard.message_id in problem.refused_in:
        return _next_best(s, problem)
    if _other_of_two(problem, s.heard):
        # Of two, "the other one" is the second where the first was spoken of, and else nobody knows.
        second = shown(problem)[1]
        return ask_to_confirm(s, problem, second) if s.state.asked_which else offer_again(s, problem, WHICH)
    if option := choose_option(shown(problem), s.heard, problem.options):
        return ask_to_confirm(s, problem, option, _honestly(s, option))
    if says_no(s.heard):
        return _next_best(s, problem)
    if says_yes(s.heard) and len(shown(problem)) > 1 and BOTH.search(s.heard.text):
        return offer_again(s, problem, "utter_offer_which", Part("utter_one_of_them"))
    if says_yes(s.heard) and s.state.asked_which and noted(s) is None:
        return ask_to_confirm(s, problem, shown(problem)[0])  # nobody is asked the same for ever
    if says_yes(s.heard):
        return offer_again(s, problem, "utter_offer_which", noted(s))
    return None


def with_refusal(s: Situation, problem: Problem) -> Recovery:
    """The state once a refusal in this message is taken in; one alternative ruled out by name leaves the others."""
    table, heard = shown(problem), s.heard
    another = _wants_another_remedy(s, problem)
    if _other_of_two(problem, heard):
        return s.state
    picked = not another and choose_option(table, heard, problem.options) is not None
    if problem.progress is not Progress.OFFERED or picked:
        return s.state
    named = tuple(o.id for o in problem.options if not heard.choice and ruled_out(o, heard))
    if named and not set(named) >= {o.id for o in table}:
        return s.state.changed(problem, refused=(*problem.refused, *named))
    if not (another or says_no(heard)):
        return s.state
    refused = dict.fromkeys((*problem.refused, *(o.id for o in table)))
    return s.state.changed(problem, refused=tuple(refused), refused_in=(*problem.refused_in, heard.message_id))


def _other_of_two(problem: Problem, heard: Heard) -> bool:
    """ "No, the other one", while two alternatives are on the table and none is agreed."""
    between = problem.progress is Progress.OFFERED and len(shown(problem)) == AT_ONCE
    return between and not heard.choice and bool(OTHER.search(plain(heard.text)))


def _wants_another_remedy(s: Situation, problem: Problem) -> bool:
    """A reply that names a remedy that is not offered, and none that is: "refund then"."""
    offered = [w for o in problem.options for w in (o.remedy.replace("_", " "), *o.words)]
    others = [r.replace("_", " ") for r in Remedy if all(o.remedy is not r for o in problem.options)]
    return not s.heard.choice and names(others, s.heard) > 0 and names(offered, s.heard) == 0


def within_limits(s: Situation, problem: Problem) -> Situation:
    """The situation without alternatives that the bot may no longer grant: other money was given meanwhile."""
    if s.history is None or not problem.options:
        return s
    given = [c for c in s.history.compensations if c.case_id != problem.case_id]
    spent = granted_in_the_year(given, s.now, s.playbook.policy)
    spent += promised(s.state.problems, s.history.compensations, s.playbook.policy)
    purse = purse_of(Role.BOT, s.playbook, problem.challenge, spent, s.around.spent, s.now)
    order = s.history.order(problem.order_id)
    back = paid_back(problem, s.state.problems, s.history, s.playbook, s.now)
    due = (o for o in problem.options if within_price(o.remedy, o.pence, order, back))
    kept = tuple(o for o in due if purse.allows(o.remedy, o.pence, o.rule))
    if kept == problem.options:
        return s
    change: dict[str, object] = {"options": kept}
    if problem.agreed not in {o.id for o in kept}:
        change |= {"agreed": None, "progress": Progress.OFFERED if kept else Progress.HEARD}
    meant_another = _means_one_of(tuple(o for o in problem.options if o not in kept), problem, s.heard)
    heard = replace(s.heard, act=DialogueAct.INFORM) if meant_another else s.heard
    return replace(s, heard=heard, state=s.state.changed(problem, **change))


def _means_one_of(gone: tuple[Option, ...], problem: Problem, heard: Heard) -> bool:
    """A yes to what is no longer to be had is a yes to nothing else."""
    return problem.agreed in {o.id for o in gone} or (says_yes(heard) and by_words(gone, heard) is not None)


def _next_best(s: Situation, problem: Problem) -> Decision:
    """The refusal has been taken in already (see next_step), so the table holds the next best."""
    state = replace(s.state, stage=Stage.OFFERING)
    asked = bargains_for(problem.options, s.heard)
    first = Part("utter_not_that_sum", {"sum": asked}) if asked else None
    put = offer(problem, shown(problem), Part("utter_offer_next_best"), explained=first)
    return Decision("offer_next_best", (put,), state, about=problem)


def ask_to_confirm(s: Situation, problem: Problem, option: Option, first: Part | None = None) -> Decision:
    """Nothing is booked without a yes to this very option; `first` is what is said before."""
    state = s.state.changed(problem, agreed=option.id, progress=Progress.AGREED)
    facts = {"option": option.label, "promise": option.promise}
    parts = (*((first,) if first else ()), *_about(s, problem), Part("utter_confirm", facts))
    ask = Say(parts, (yes_to(option), NO, PERSON))
    return Decision("confirm", (ask,), replace(state, stage=Stage.CONFIRMING), about=problem)


def _about(s: Situation, problem: Problem) -> tuple[Part, ...]:
    """Whoever has several problems is told which of them a yes is for: by its thing, else by what went wrong."""
    standing = [p for p in s.state.problems if p.is_live or p.progress is Progress.BOOKED]
    others = [p for p in standing if p.key != problem.key]
    if not others:
        return ()
    order = s.history.order(problem.order_id) if s.history else None
    alone = order is not None and all(p.order_id != order.id for p in others)
    title = s.playbook.challenges[problem.challenge].title
    return (Part("utter_confirm_about", {"about": in_a_sentence(order.title) if order and alone else title}),)


def _answer_confirmation(s: Situation, problem: Problem) -> Decision | None:
    agreed, table = problem.option(problem.agreed), shown(problem)
    if agreed is None:
        return None
    known = table if agreed in table else (*table, agreed)  # one refused before and taken after all
    switched = other_than(agreed, table, s.heard) or choose_option(known, s.heard, problem.options)
    if switched and switched.id != agreed.id:
        return ask_to_confirm(s, problem, switched, _honestly(s, switched))
    if says_yes(s.heard) and (condition := condition_on(agreed, s.heard)):
        answered = honestly(condition, agreed, s.now)
        kept = condition.kept_by(agreed, s.now)
        return (_book if kept else ask_to_confirm)(s, problem, agreed, answered)
    if confirms(agreed, s.heard):
        if _rather_another(s, problem, agreed):
            open_again = s.state.changed(problem, agreed=None, progress=Progress.OFFERED)
            return offer_again(replace(s, state=open_again), replace(problem, agreed=None), "utter_offer_which")
        return _book(s, problem, agreed)
    if says_no(s.heard):
        back = s.state.changed(problem, agreed=None, progress=Progress.OFFERED)
        return offer_again(replace(s, state=back), replace(problem, agreed=None), "utter_offer_back")
    return None


def _rather_another(s: Situation, problem: Problem, agreed: Option) -> bool:
    """ "Just send the right ones and I'll keep these": no word of yes, and words of another alternative."""
    if s.heard.choice or A_YES.match(plain(s.heard.text)):
        return False
    others = tuple(w for o in problem.options if o.id != agreed.id for w in o.words if w not in agreed.words)
    return names(others, s.heard) > 0


def _honestly(s: Situation, option: Option) -> Part | None:
    """What can be said to a condition that came with a pick."""
    condition = condition_on(option, s.heard)
    return honestly(condition, option, s.now) if condition else None


def _book(s: Situation, problem: Problem, option: Option, first: Part | None = None) -> Decision:
    booked = replace(problem, progress=Progress.BOOKED, booked_as=s.state.next_booking)
    state = replace(s.state.with_problem(problem, lambda _: booked), stage=Stage.BOOKED)
    rule = s.playbook.follow_ups.get(option.remedy)
    facts = {"promise": option.promise, "prevention": s.playbook.challenges[problem.challenge].prevention}
    parts = [*((first,) if first else ()), Part("utter_booked", facts, RecoveryStep.RESOLVE)]
    if rule:
        parts.append(Part("utter_will_check_back", {"after": _span(rule.after_minutes)}))
    effects: tuple[Effect, ...] = (Book(booked, option), *bookings(s.playbook, booked, option))
    return Decision(
        "book",
        (Say(tuple(parts)),),
        state,
        effects,
        (option.rule,),
        about=booked,
        inputs={"option": option.id, "pence": option.pence},
    )


def bookings(playbook: Playbook, booked: Problem, option: Option) -> tuple[Schedule, ...]:
    """When we come back after a booking: did it hold, and how was it."""
    rule = playbook.follow_ups.get(option.remedy)
    check_back = (Schedule(booked, FollowUpKind.CHECK_BACK, rule.after_minutes),) if rule else ()
    return (*check_back, Schedule(booked, FollowUpKind.SURVEY, playbook.survey_after_minutes))


def _span(minutes: int) -> str:
    """`in 3 days`, `in 2 hours`, `in a moment`: when we come back."""
    if minutes >= 1440:
        number = minutes // 1440
        return "tomorrow" if number == 1 else f"in {number} days"
    if minutes >= 60:
        number = minutes // 60
        return "in an hour" if number == 1 else f"in {number} hours"
    return "shortly"
