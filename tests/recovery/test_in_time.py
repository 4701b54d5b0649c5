"""A late delivery is held against the records: what came in time, or is not due yet, is told with its dates."""

from datetime import timedelta

from recovery.assessment import assess
from recovery.state import Progress
from recovery.words import DialogueAct
from tests.recovery.builders import (
    DAMAGED,
    LATE,
    NOW,
    PLAYBOOK,
    Conversation,
    delivered,
    history,
    in_time,
    order,
    responses,
    said,
)

INFORM = DialogueAct.INFORM


def test_what_came_in_time_is_told_with_its_dates_and_nothing_is_offered() -> None:
    c = Conversation(history(delivered()))
    told = c.reports(LATE, "the vase came late")
    assert (told.step, responses(told)) == ("told_in_time", ["utter_came_in_time"])
    facts = told.says[0].parts[0].facts
    assert facts["came"] == facts["promised"] != ""
    assert not c.problem.options


def test_what_is_not_due_yet_is_told_so() -> None:
    told = Conversation(history(in_time())).reports(LATE, "the curtains are late")
    assert responses(told) == ["utter_not_due_yet"]


def test_who_stays_with_it_is_heard_without_being_told_that_it_was_late() -> None:
    c = Conversation(history(delivered()))
    c.reports(LATE, "the vase came late")
    offered = c.clicks("It came later than that")
    assert offered.step == "offer"
    assert {"utter_apologise_shown_in_time", "utter_explain_shown_in_time"} <= set(responses(offered))


def test_something_wrong_with_it_is_another_problem() -> None:
    c = Conversation(history(delivered()))
    c.reports(LATE, "the vase came late")
    c.reports(DAMAGED, "well, and it is cracked")
    assert [(p.challenge, p.progress) for p in c.state.problems] == [
        (LATE, Progress.DROPPED),
        (DAMAGED, Progress.OFFERED),
    ]
    assert c.problem.order_id == "10400"


def test_it_may_be_another_order() -> None:
    c = Conversation(history(delivered(), order("2", "Oak shelf")))
    c.reports(LATE, "the vase came late")
    assert c.clicks("It's another order").step == "offer"
    assert c.problem.order_id == "2"


def test_what_came_late_is_made_up_for_and_its_days_are_told() -> None:
    late = order(delivered_at=NOW - timedelta(days=1))
    c = Conversation(history(late))
    told = c.reports(LATE, "the kettle came late")
    assert told.step == "offer"
    assert next(p.facts["late"] for s in told.says for p in s.parts if "late" in p.facts) == "3 days"


def test_past_the_promised_day_is_what_the_records_show() -> None:
    for one, past in ((delivered(), False), (in_time(), False), (order(), True), (order(promised_for=None), True)):
        c = Conversation(history(one))
        c.reports(LATE, f"{one.id} is late", orders=(one.id,))
        facts = assess(c.problem, said("more", INFORM), c.known, PLAYBOOK, NOW).facts
        assert facts["past_promise"] is past
