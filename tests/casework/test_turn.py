"""One turn of the bot: decided, carried out once, worded, remembered."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from casework.crm import CaseChange, NewCase
from casework.errors import Conflict, Refused, Unavailable
from casework.turn import Bot
from recovery.budgets import Budget, Period
from recovery.evidence import UnknownEvidence
from recovery.records import Compensation, History
from recovery.words import CaseStatus, DialogueAct, Severity, Stage, Trigger
from tests.casework.company import CONVERSATION, Chat, texts
from tests.recovery.builders import CUSTOMER, DAMAGED, LATE, NOW, PLAYBOOK, broken, order

INFORM, DENY, AFFIRM = DialogueAct.INFORM, DialogueAct.DENY, DialogueAct.AFFIRM
LONG = timedelta(days=60)
BUDGET = Budget("month", "a month's goodwill", Period.MONTH, 5_000)


async def history(chat: Chat) -> History:
    return await chat.crm.history(CUSTOMER.id)


async def granted(chat: Chat) -> tuple[Compensation, ...]:
    return (await history(chat)).compensations


async def test_a_told_problem_opens_one_case_and_is_answered() -> None:
    chat = Chat()
    outcome = await chat.reports()
    (case,) = (await history(chat)).cases
    assert (case.challenge, case.order_id, case.status) == (LATE, "10482", CaseStatus.OPEN)
    assert outcome["decision"]["case_id"] == case.id
    assert outcome["stage"] == "offering"
    assert texts(outcome).startswith("utter_listen utter_apologise_late_delivery")


async def test_a_confirmed_offer_is_granted_once_and_resolves_the_case() -> None:
    chat = Chat()
    outcome = await chat.books_a_refund()
    (given,) = await granted(chat)
    assert (given.pence, given.granted_by, given.rule) == (4500, "bot", "late.owed")
    (case,) = (await history(chat)).cases
    assert (case.status, case.outcome) == (CaseStatus.RESOLVED, "A full refund, £45")
    assert outcome["outcome"] == "recovered"
    assert len(await chat.crm.due_follow_ups(NOW + LONG)) == 2


async def test_the_same_message_again_gets_the_same_outcome_and_does_nothing_twice() -> None:
    chat = Chat()
    await chat.reports()
    await chat.clicks("A full refund")
    message = chat.message("yes", AFFIRM)
    first = await chat.hears(message)
    assert await chat.hears(message) == first
    assert len(await granted(chat)) == 1
    assert len((await history(chat)).interactions) == 1


async def test_a_crash_after_the_crm_was_written_grants_nothing_twice_and_says_the_same() -> None:
    chat, calm = Chat(), Chat()
    for each in (chat, calm):
        await each.reports()
        await each.clicks("A full refund")
    expected = await calm.says("yes", AFFIRM)
    message = chat.message("yes", AFFIRM)
    chat.memory.crash = True
    with pytest.raises(ConnectionError):
        await chat.hears(message)
    assert await chat.hears(message) == expected
    assert len(await granted(chat)) == 1
    assert len(await chat.crm.due_follow_ups(NOW + LONG)) == 2


async def test_a_crash_after_a_voucher_was_granted_does_not_count_it_against_itself() -> None:
    chat = Chat()
    await chat.reports()
    await chat.says("just a voucher please", INFORM)
    message = chat.message("yes", AFFIRM)
    chat.memory.crash = True
    with pytest.raises(ConnectionError):
        await chat.hears(message)
    assert (await chat.hears(message))["decision"]["step"] == "book"
    assert len(await granted(chat)) == 1


async def test_a_crash_in_the_first_turn_opens_one_case() -> None:
    chat = Chat()
    message = chat.message("it is late", DialogueAct.REPORT_PROBLEM, challenges=(LATE,))
    chat.memory.crash = True
    with pytest.raises(ConnectionError):
        await chat.hears(message)
    await chat.hears(message)
    assert len((await history(chat)).cases) == 1


async def test_of_two_racing_turns_each_is_decided_on_what_the_other_left() -> None:
    chat = Chat()
    await chat.reports()
    await chat.clicks("A full refund")
    yes, again = chat.message("yes", AFFIRM), chat.message("yes please", AFFIRM)
    chat.memory.first.append(chat.hears(yes))
    late = await chat.hears(again)
    assert late["decision"]["step"] != "book"
    assert len(await granted(chat)) == 1
    assert chat.memory.states[CONVERSATION][1] == 4


async def test_the_same_message_in_two_processes_has_one_outcome() -> None:
    chat = Chat()
    message = chat.message("it is late", DialogueAct.REPORT_PROBLEM, challenges=(LATE,))
    turn = await chat.turn(message)
    one, other = await asyncio.gather(chat.bot.take(turn), chat.bot.take(turn))
    assert one == other
    assert len((await history(chat)).cases) == 1


async def test_a_race_that_is_lost_every_time_is_told() -> None:
    chat = Chat()

    class Busy(type(chat.memory)):  # type: ignore[misc]
        async def keep(self, *_: Any) -> None:
            raise Conflict("somebody else again")

    busy = Bot(chat.crm, Busy(), chat.bot.wording, chat.bot.playbook, chat.bot.clock, chat.around)
    with pytest.raises(Conflict):
        await busy.take(await chat.turn(chat.message("hi", DialogueAct.GREET)))


async def test_a_rationale_that_cites_a_message_nobody_stored_is_refused_before_anything_is_done() -> None:
    chat = Chat()
    message = chat.message("get me a person", DialogueAct.REQUEST_HUMAN)
    chat.memory.stored[CONVERSATION].clear()
    with pytest.raises(UnknownEvidence):
        await chat.hears(message)
    assert (await history(chat)).interactions == ()
    assert chat.memory.outcomes == {}


async def test_a_handoff_holds_rules_team_rationale_and_packet() -> None:
    chat = Chat()
    await chat.reports()
    outcome = await chat.says("a person, please", DialogueAct.REQUEST_HUMAN)
    handoff = outcome["handoff"]
    assert handoff["rules"] == ["person_asked"]
    assert handoff["team"] == "care"
    assert all(sentence["evidence"] for sentence in handoff["rationale"])
    assert handoff["packet"]["problems"][0]["offered"][0]["label"] == "A full refund, £45"
    assert [a["kind"] for a in outcome["alerts"]] == ["handoff"]
    assert (await history(chat)).cases[0].status is CaseStatus.ESCALATED


async def test_every_step_is_logged_with_the_message_that_did_it() -> None:
    chat = Chat()
    await chat.books_a_refund()
    said = {r["id"]: r for o in chat.outcomes for r in o["replies"]}
    steps = [s for o in chat.outcomes for s in o["steps"]]
    assert {s["step"] for s in steps} == {"listen", "apologise", "thank", "explain", "resolve"}
    assert all(s["step"] in said[s["message_id"]]["meta"]["steps"] for s in steps)
    problem = (await chat.memory.recall(CONVERSATION)).state.problems[0]
    assert [(d.step, d.message_id) for d in problem.steps] == [(s["step"], s["message_id"]) for s in steps]


async def test_the_steps_of_two_problems_are_logged_under_their_own_cases() -> None:
    chat = Chat(order(), broken())
    await chat.says("broken and late", DialogueAct.REPORT_PROBLEM, challenges=(LATE, DAMAGED))
    await chat.clicks("A full refund")
    both = await chat.clicks("Yes, please book it")
    cases = {c.challenge: c.id for c in (await history(chat)).cases}
    logged = {(s["case_id"], s["step"]) for s in both["steps"]}
    assert (cases[DAMAGED], "resolve") in logged
    assert (cases[LATE], "apologise") in logged
    assert (cases[DAMAGED], "apologise") not in logged


async def test_replies_have_ids_that_a_repeated_turn_makes_again() -> None:
    one, other = await Chat().reports(), await Chat().reports()
    assert [r["id"] for r in one["replies"]] == [r["id"] for r in other["replies"]]
    assert len({r["id"] for r in one["replies"]}) == len(one["replies"])


async def test_an_apology_is_never_said_twice_in_the_same_words() -> None:
    chat = Chat()
    await chat.reports()
    for number in range(4):
        await chat.says(f"detail {number}", INFORM)
    said = [variant for o in chat.outcomes for r in o["replies"] for variant in r["meta"]["said"]]
    assert len([v for v in said if "apologise" in v]) == 1


async def test_a_strangers_case_becomes_theirs_when_they_sign_in() -> None:
    chat = Chat(order("1"), order("2"), customer=None)
    await chat.reports()
    assert (await chat.crm.case("101")).customer_id is None
    chat.customer = CUSTOMER.id
    assert (await chat.clicks("I've signed in"))["decision"]["step"] == "ask_which_order"
    assert (await chat.crm.case("101")).customer_id == CUSTOMER.id


async def test_a_stranger_sees_nothing_and_is_granted_nothing() -> None:
    chat = Chat(customer=None)
    await chat.reports(orders=("10482",))
    await chat.says("the refund", DialogueAct.ACCEPT_OFFER)
    assert await granted(chat) == ()
    assert all("10482" not in r["text"] for o in chat.outcomes for r in o["replies"])


async def test_an_open_case_of_the_same_problem_is_taken_up_and_not_opened_twice() -> None:
    chat = Chat()
    await chat.crm.open_case(
        NewCase(
            "before", CUSTOMER.id, "elsewhere", "10482", LATE, Severity.MINOR, "SwiftVan", NOW - timedelta(days=1)
        )
    )
    assert (await chat.reports())["decision"]["case_id"] == "101"
    known = await history(chat)
    assert len(known.cases) == 1
    (came_again,) = known.interactions
    assert (came_again.order_id, came_again.challenge) == ("10482", LATE)


async def test_a_low_rating_alerts_and_is_kept() -> None:
    chat = Chat()
    await chat.books_a_refund()
    assert (await chat.says("thanks", DialogueAct.THANK))["survey"]["asked"] is True
    rated = await chat.says("1", INFORM)
    assert rated["survey"]["rating"] == 1
    assert [a["kind"] for a in rated["alerts"]] == ["low_rating"]
    assert (await chat.says("slow", INFORM))["survey"]["comment"] == "slow"


async def test_a_withdrawn_problem_closes_its_case_as_withdrawn() -> None:
    chat = Chat()
    await chat.reports()
    await chat.says("oh, it just arrived", INFORM)
    (case,) = (await history(chat)).cases
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, "withdrawn")


async def test_a_case_that_a_person_closed_meanwhile_does_not_stop_a_handoff() -> None:
    chat = Chat()
    await chat.reports()
    await chat.crm.close_case("101", "settled by phone", "", NOW)
    outcome = await chat.says("a person please", DialogueAct.REQUEST_HUMAN)
    assert outcome["handoff"] is not None
    assert (await chat.crm.case("101")).status is CaseStatus.CLOSED


async def test_a_message_that_books_one_problem_and_hands_over_another_is_two_lines_of_the_timeline() -> None:
    chat = Chat(order(), broken())
    for key in ("one", "two"):
        past = await chat.crm.open_case(
            NewCase(key, CUSTOMER.id, key, "10482", LATE, Severity.MINOR, "SwiftVan", NOW - timedelta(days=9))
        )
        await chat.crm.update_case(past.id, CaseChange(status=CaseStatus.RESOLVED), NOW)
    await chat.says("broken and late", DialogueAct.REPORT_PROBLEM, challenges=(LATE, DAMAGED))
    await chat.clicks("A full refund")
    last = await chat.clicks("Yes, please book it")
    assert last["outcome"] == "handed_over"
    assert len((await history(chat)).interactions) == 2
    assert len(await granted(chat)) == 1


async def test_an_unreachable_crm_is_told_and_nothing_is_remembered() -> None:
    chat = Chat()

    async def down(_: str) -> History:
        raise Unavailable("The CRM does not answer.")

    chat.crm.history = down  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        await chat.reports()
    assert chat.memory.states == {}


@pytest.mark.parametrize("stage", Stage)
async def test_a_person_is_reached_from_every_stage_through_the_whole_turn(stage: Stage) -> None:
    from dataclasses import replace

    from casework.turn_state import dumped
    from recovery.state import Recovery

    chat = Chat()
    chat.memory.states[CONVERSATION] = (dumped(replace(Recovery(), stage=stage)), 1)
    outcome = await chat.says("person", DialogueAct.REQUEST_HUMAN, triggers=(Trigger.HUMAN_REQUEST,))
    assert outcome["handoff"]["rules"] == ["person_asked"]


async def books_a_voucher(chat: Chat) -> dict[str, Any]:
    await chat.reports()
    await chat.says("a voucher please", INFORM)
    return await chat.clicks("Yes, please book it")


async def test_a_booking_is_drawn_from_its_budgets_once() -> None:
    chat = Chat(book=replace(PLAYBOOK, budgets=(BUDGET,)))
    await books_a_voucher(chat)
    (given,) = await granted(chat)
    assert chat.around.spent == {"month@2026-11": given.pence}


async def test_a_budget_that_others_spent_meanwhile_is_never_overdrawn() -> None:
    chat = Chat(book=replace(PLAYBOOK, budgets=(BUDGET,)))
    await chat.reports()
    await chat.says("a voucher please", INFORM)
    chat.around.spent["month@2026-11"] = BUDGET.pence
    outcome = await chat.clicks("Yes, please book it")
    assert await granted(chat) == ()
    assert outcome["decision"]["step"] != "book"
    assert chat.around.spent["month@2026-11"] == BUDGET.pence


async def test_what_the_crm_refuses_gives_its_money_back() -> None:
    chat = Chat(book=replace(PLAYBOOK, budgets=(BUDGET,)))
    await chat.reports()
    await chat.says("a voucher please", INFORM)
    (case,) = (await history(chat)).cases
    await chat.crm.close_case(case.id, "done", "", NOW)
    with pytest.raises(Refused):
        await chat.clicks("Yes, please book it")
    assert chat.around.spent == {"month@2026-11": 0}
