"""A change of mind after a booking: asked back once, undone within the playbook's window, honest after it."""

import re
from dataclasses import replace
from datetime import timedelta

from recovery.choosing import NO, by_words, changes_mind, confirms_plainly, plain, ruled_out
from recovery.decision import Book, Button, CloseCase, Decision, Effect, Part, Revoke, Say
from recovery.fine import sounds_fine
from recovery.offering import AT_ONCE, bookings, shown
from recovery.orders import told_of
from recovery.price import paid_back, within_price
from recovery.purse import granted_in_the_year, purse_of
from recovery.records import WITHDRAWN, Compensation
from recovery.situation import Situation, Topic
from recovery.state import Changing, Option, Problem, Progress, Recovery
from recovery.telling import PERSON, offer
from recovery.words import CaseStatus, DialogueAct, RecoveryStep, Role, Stage

UNDO = Button("utter_title_change_it", DialogueAct.AFFIRM, "undo")
KEEP = Button("utter_title_leave_it", DialogueAct.DENY, "no")
CONTENT = frozenset(
    {DialogueAct.THANK, DialogueAct.GOODBYE, DialogueAct.AFFIRM, DialogueAct.ACCEPT_OFFER, DialogueAct.CHITCHAT}
)
GIVES_UP = (
    r"\b(?:mind about|second thoughts about|cancel|undo|take back|swap|change|scrap)\s+"
    r"(?:(?:the|my|that|this|your)\s+)?(?:£?\d+\s+)?{word}"
)
ASKED = frozenset({Topic.ANSWER_OFFER, Topic.RECOVER})


def answer(s: Situation) -> Decision | None:
    """The answer to "shall I take it back?", or None when nothing was asked or it is about something else."""
    changing = s.state.changing
    # Not looked up in the history: a turn repeated after a crash finds it taken back already, and goes on the same.
    problem = _booked(s.state, changing.case_id) if changing else None
    if changing is None or problem is None or not s.verified or s.topic not in ASKED:
        return None
    done = replace(s.state, changing=None, stage=Stage.BOOKED)
    found = _booked_now(s, changing.case_id)
    if s.heard.choice == "undo" or confirms_plainly(s.heard):
        if found and found[1].id == changing.compensation_id and _too_late(s, found[1]):
            return _told_too_late(replace(s, state=done), problem)
        return _undo(replace(s, state=done), problem, changing)
    if s.heard.choice == "no" or (not s.heard.choice and s.heard.act in NO and not changes_mind(s.heard)):
        kept = Say((Part("utter_kept", {"promise": _promise(problem)}),))
        return Decision("booking_kept", (kept,), done, about=problem)
    return None


def begin(s: Situation) -> Decision | None:
    """Somebody wants what is booked changed: ask back, or say honestly that it is too late for me."""
    problem = _meant(s)
    found = _booked_now(s, problem.case_id) if problem else None
    if problem is None or found is None:
        return None
    _, given = found
    if _too_late(s, given):
        return _told_too_late(s, problem)
    wanted = _wanted(s, problem)
    asked = Changing(given.case_id, given.id, wanted.id if wanted else "", _found(s, problem))
    facts = {"promise": _promise(problem), "instead": wanted.promise if wanted else ""}
    response = "utter_ask_to_swap" if wanted else "utter_ask_to_undo"
    ask = Say((Part(response, facts),), (UNDO, KEEP, PERSON))
    return Decision("ask_to_change", (ask,), replace(s.state, changing=asked, stage=Stage.CONFIRMING), about=problem)


def rethinks_another(s: Situation) -> bool:
    """Whether a change of mind is about a booking, although another problem is in hand."""
    return s.problem is not None and _meant(s) is not None


def _meant(s: Situation) -> Problem | None:
    """The booking that the words name, else the latest; while another problem is in hand, only one that they name."""
    bookings = [p for p in s.state.bookings if _booked_now(s, p.case_id)]
    if s.problem is not None:
        named = [p for p in bookings if _named(s, p) and not _of_what_is_in_hand(s, s.problem, p)]
        return max(named, key=lambda p: _named(s, p), default=None) if changes_mind(s.heard) else None
    fitting = [p for p in bookings if changes_mind(s.heard) or _old_button(s, p) or _found(s, p)]
    return max(fitting, key=lambda p: _named(s, p), default=None)


def _named(s: Situation, problem: Problem) -> int:
    """How clearly the words name a booking: by what is given up, by its thing."""
    option, text = problem.option(problem.agreed), plain(s.heard.text)
    given_up = option is not None and (_about(option, text) or ruled_out(option, s.heard))
    ordered = s.history is not None and problem.order_id in {o.id for o in told_of(s.history, s.heard)}
    return 2 * given_up + ordered


def _about(option: Option, text: str) -> bool:
    return any(re.search(GIVES_UP.format(word=re.escape(w)), text) for w in option.words)


def _of_what_is_in_hand(s: Situation, live: Problem, booked: Problem) -> bool:
    """Whether the words mean the offer on the table as well: it has the same remedy, or is about the same thing."""
    agreed, option, text = live.option(live.agreed), booked.option(booked.agreed), plain(s.heard.text)
    if option is None or (agreed is not None and agreed.remedy is option.remedy):
        return True
    if _about(option, text):
        return False
    if ruled_out(option, s.heard):
        return any(o.remedy is option.remedy for o in live.options)
    return booked.order_id == live.order_id


def _found(s: Situation, problem: Problem) -> bool:
    """What was lost is there after all, or was never broken; "all sorted, thanks" is about the booking."""
    return s.heard.act not in CONTENT and sounds_fine(problem.challenge, s.heard)


def _old_button(s: Situation, problem: Problem) -> bool:
    """A click on another option of the offer that has been booked."""
    name, _, option = s.heard.choice.partition(":")
    return name in ("option", "yes") and option != problem.agreed and problem.option(option) is not None


def _too_late(s: Situation, given: Compensation) -> bool:
    """Past the window, or a person has closed the case meanwhile."""
    closed = s.history is not None and any(
        c.id == given.case_id and c.status is CaseStatus.CLOSED for c in s.history.cases
    )
    return closed or s.now - given.granted_at > timedelta(minutes=s.playbook.undo_minutes)


def _told_too_late(s: Situation, problem: Problem) -> Decision:
    late = Say((Part("utter_too_late_to_change", {"promise": _promise(problem)}),), (PERSON,))
    return Decision("too_late_to_change", (late,), s.state, about=problem)


def _booked(state: Recovery, case_id: str | None) -> Problem | None:
    return next((p for p in state.problems if p.case_id == case_id and p.progress is Progress.BOOKED), None)


def _booked_now(s: Situation, case_id: str | None) -> tuple[Problem, Compensation] | None:
    """What stands booked for a case in this conversation, as the CRM has it."""
    problem = _booked(s.state, case_id)
    option = problem.option(problem.agreed) if problem else None
    if s.history is None or problem is None or option is None:
        return None
    given = (c for c in s.history.compensations if c.case_id == case_id and c.remedy is option.remedy)
    latest = max(given, key=lambda c: c.granted_at, default=None)
    return (problem, latest) if latest else None


def _wanted(s: Situation, problem: Problem) -> Option | None:
    """The other option that the customer names, if any and if it may still be granted."""
    others = [o for o in problem.options if o.id != problem.agreed and _may_have(s, problem, o)]
    if s.heard.choice:
        picked = s.heard.choice.partition(":")[2]
        return next((o for o in others if o.id == picked), None)
    return by_words(others, replace(s.heard, act=DialogueAct.ACCEPT_OFFER))


def _may_have(s: Situation, problem: Problem, option: Option) -> bool:
    """Within the limits and the order's price, once what is booked for this problem is taken back."""
    rest = [c for c in s.history.compensations if c.case_id != problem.case_id] if s.history else []
    given = granted_in_the_year(rest, s.now, s.playbook.policy)
    purse = purse_of(Role.BOT, s.playbook, problem.challenge, given, s.around.spent, s.now)
    order = s.history.order(problem.order_id) if s.history else None
    back = paid_back(problem, s.state.problems, s.history, s.playbook, s.now)
    within = purse.allows(option.remedy, option.pence, option.rule)
    return within and within_price(option.remedy, option.pence, order, back)


def _undo(s: Situation, problem: Problem, changing: Changing) -> Decision:
    booked = problem.option(problem.agreed)
    label = booked.label if booked else ""
    wanted = problem.option(changing.instead)
    back = replace(problem, undone=problem.undone + 1, agreed=None, progress=Progress.OFFERED)
    revoke = Revoke(back, changing.compensation_id, label)
    if wanted is not None and _may_have(s, problem, wanted):
        return _swap(s, problem, back, wanted, revoke)
    if changing.found:
        gone = replace(back, progress=Progress.DROPPED)
        state = s.state.with_problem(problem, lambda _: gone)
        told = Say((Part("utter_undone_found"), Part("utter_anything_else")))
        effects = (replace(revoke, problem=gone), CloseCase(changing.case_id, WITHDRAWN))
        return Decision("undo", (told,), state, effects, inputs={"undone": label}, about=gone)
    # What an agent put on the table may be more than the bot may grant.
    within = tuple(o for o in back.options if _may_have(s, problem, o))
    back = replace(back, options=within or back.options)
    table = shown(back) or back.options[:AT_ONCE]
    back = replace(back, refused=tuple(r for r in back.refused if r not in {o.id for o in table}))
    state = replace(s.state.with_problem(problem, lambda _: back), stage=Stage.OFFERING)
    put = offer(back, table, Part("utter_undone", {"promise": _promise(problem)}))
    return Decision("undo", (put,), state, (revoke,), inputs={"undone": label}, about=back)


def _swap(s: Situation, problem: Problem, back: Problem, wanted: Option, revoke: Revoke) -> Decision:
    """Never left with nothing in between: the old is taken back and the new booked in one turn."""
    booked = replace(back, agreed=wanted.id, progress=Progress.BOOKED, booked_as=s.state.next_booking)
    state: Recovery = replace(s.state.with_problem(problem, lambda _: booked), stage=Stage.BOOKED)
    effects: tuple[Effect, ...] = (revoke, Book(booked, wanted), *bookings(s.playbook, booked, wanted))
    told = Say((Part("utter_swapped", {"promise": wanted.promise}, RecoveryStep.RESOLVE),))
    inputs: dict[str, bool | int | str] = {"undone": revoke.label, "option": wanted.id, "pence": wanted.pence}
    return Decision("swap", (told,), state, effects, (wanted.rule,), inputs=inputs, about=booked)


def _promise(problem: Problem) -> str:
    option = problem.option(problem.agreed)
    return option.promise if option else ""
