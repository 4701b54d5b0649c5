"""What holds in every dialogue: a person is near, nothing is booked twice or lost, and nobody begins again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.contacts import earlier_contacts, told_on, which_time
from recovery.decision import Book, Revoke
from recovery.heard import Entity, Heard
from recovery.languages import language_of
from recovery.mood import after
from recovery.next_step import next_step
from recovery.situation import Situation, Topic
from recovery.state import Changing, Mood, Problem, Progress
from recovery.words import CaseStatus, ChallengeType, DialogueAct, Remedy, Stage
from tests.recovery.builders import (
    ACCESS,
    DAMAGED,
    NOW,
    PLAYBOOK,
    Conversation,
    broken,
    case,
    compensation,
    history,
    in_time,
    interaction,
    order,
    playbook,
    responses,
    said,
    titles,
)
from tests.recovery.situations import heards, situations

NUMBERS = tuple(Entity("order_number", n, n) for n in ("10400", "10401"))


@given(situations())
def test_a_booking_is_taken_back_only_when_it_was_asked_back_before(s: Situation) -> None:
    revoked = [e for e in next_step(s).effects if isinstance(e, Revoke)]
    assert not revoked or s.state.changing is not None


@given(situations(), st.sampled_from(["400", "401", "402"]), st.sampled_from(["", "replacement:0", "voucher:500"]))
def test_a_change_of_mind_never_leaves_two_bookings(s: Situation, case_id: str, instead: str) -> None:
    s = replace(s, state=replace(s.state, changing=Changing(case_id, "8", instead), stage=Stage.CONFIRMING))
    effects = next_step(s).effects
    booked = [e for e in effects if isinstance(e, Book)]
    if any(isinstance(e, Revoke) for e in effects):
        assert [e.problem.undone for e in booked] in ([], [1])


@given(situations())
def test_an_abandoned_change_of_mind_is_forgotten_at_the_next_message(s: Situation) -> None:
    s = replace(s, topic=Topic.QUESTION, state=replace(s.state, changing=Changing("400", "8")))
    assert next_step(s).state.changing is None


@given(st.lists(heards(), max_size=6))
def test_frustration_before_stands_once_we_answered(messages: list[Heard]) -> None:
    mood = Mood()
    for message in messages:
        mood = after(mood, message)
    answered = replace(mood, answered=True)
    for message in messages:
        felt = after(answered, message)
        assert felt.before == mood.before
        assert felt.after == int(message.frustration)


@given(st.lists(st.integers(1, 119), max_size=8, unique=True))
def test_earlier_contacts_are_counted_by_day_and_told_oldest_first(days_ago: list[int]) -> None:
    told = [interaction(str(n), at=NOW - timedelta(days=d), order_id="10482") for n, d in enumerate(days_ago)]
    c = Conversation(history(interactions=tuple(told)))
    c.reports()
    contacts = earlier_contacts(c.problem, c.known, NOW)
    assert list(contacts) == sorted(contacts)
    assert len(contacts) == len(set(days_ago))
    assert which_time(contacts)
    assert bool(told_on(contacts)) == bool(days_ago)


@given(st.text(max_size=80))
def test_any_text_is_in_one_language_or_none(text: str) -> None:
    assert language_of(text) in ("", "fr", "es", "de", "it", "pl", "pt")


def test_the_same_told_of_two_orders_is_two_problems_and_neither_twice() -> None:
    c = Conversation(history(broken("10400"), broken("10401", item="Red lamp")))
    for _ in range(2):
        c.says(
            "10400 and 10401 both came broken",
            DialogueAct.REPORT_PROBLEM,
            challenges=(DAMAGED,),
            entities=NUMBERS,
        )
    assert [p.order_id for p in c.state.problems] == ["10400", "10401"]
    assert len({p.key for p in c.state.problems}) == 2


def test_a_person_is_one_message_away_while_a_change_of_mind_is_asked_back() -> None:
    c = Conversation(history())
    c.reports()
    c.clicks("A full refund")
    c.clicks("Yes, please book it")
    given_now = compensation("9", "case-0", remedy=Remedy.REFUND, pence=4500, granted_at=NOW)
    c.known = history(cases=(case("case-0"),), compensations=(given_now,))
    asked = c.says("I changed my mind", DialogueAct.INFORM)
    assert "Talk to a person" in titles(asked)
    assert c.says("a person please", DialogueAct.REQUEST_HUMAN).step == "hand_over"
    assert c.state.problems[0].progress is Progress.BOOKED


def test_after_one_misunderstanding_there_are_choices_and_after_the_second_a_person() -> None:
    c = Conversation(history(in_time()))
    c.says("it is about the thing", DialogueAct.REPORT_PROBLEM)
    again = c.says("the last one", DialogueAct.INFORM)
    assert len(titles(again)) > 2
    assert "Talk to a person" in titles(again)
    assert len(c.state.misunderstood_in) == 1
    c.says("you know, that", DialogueAct.INFORM)
    assert len(c.state.misunderstood_in) == 2


def test_contacts_about_what_no_order_is_part_of_are_counted_by_what_they_were_about() -> None:
    ago = [NOW - timedelta(days=n) for n in (60, 9, 3)]
    told = tuple(interaction(str(n), at=at, challenge=ACCESS, order_id=None) for n, at in enumerate(ago))
    c = Conversation(history(interactions=told))
    c.reports(ACCESS, "still locked out")
    problem = replace(c.problem, order_id=None)
    assert earlier_contacts(problem, c.known, NOW) == tuple(at.date() for at in ago[1:])
    conduct = replace(problem, challenge=ChallengeType.STAFF_CONDUCT)
    assert earlier_contacts(conduct, c.known, NOW) == ()


def test_an_open_case_that_is_taken_up_again_counts_by_the_day_on_which_it_was_opened() -> None:
    opened, again = NOW - timedelta(days=9), NOW - timedelta(days=4)
    theirs = case(status=CaseStatus.OPEN, opened_at=opened, closed_at=None)
    told_again = interaction(at=again, order_id="10482", challenge=ChallengeType.LATE_DELIVERY)
    known = history(order(), cases=(theirs,), interactions=(told_again,))
    problem = Problem(ChallengeType.LATE_DELIVERY, "m1", case_id=theirs.id, order_id="10482")
    assert earlier_contacts(problem, known, NOW) == (opened.date(), again.date())


def test_who_comes_back_a_third_day_hears_first_how_often_and_when_they_came() -> None:
    c = Conversation(history())
    c.reports()
    facts = {}
    for number, later in enumerate((2, 5), 1):
        back = said("so what can you do", DialogueAct.INFORM)
        back = replace(back, at=NOW + timedelta(days=later), message_id=f"later-{number}")
        facts = c.hears(back, Topic.ANSWER_OFFER).says[0].parts[0].facts
        assert bool(facts["contacts"]) is (number == 2)
    assert (facts["time"], facts["contacts"]) == ("third", "20 Nov and 22 Nov")


def test_who_is_furious_is_offered_a_person_in_words_also_when_asked_which_order() -> None:
    two = history(order("1", "Copper kettle"), order("2", "Oak shelf"))
    patient = playbook(escalation=tuple(r for r in PLAYBOOK.escalation if r.id != "furious"))
    asked = Conversation(two, book=patient).reports(frustration=3, text="WHERE THE HELL IS IT")
    assert asked.step == "ask_which_order"
    assert asked.says[-1].parts[-1].response == "utter_person_early"


def test_who_was_offered_a_person_in_words_is_not_told_so_again() -> None:
    two = history(order("1", "Copper kettle"), order("2", "Oak shelf"))
    patient = playbook(escalation=tuple(r for r in PLAYBOOK.escalation if r.id != "furious"))
    c = Conversation(two, book=patient)
    c.reports(frustration=3)
    c.state = replace(c.state, said=("person_early.any.1",))
    offer = c.says("order 1, I said", DialogueAct.INFORM, orders=("1",), frustration=3)
    assert offer.step == "offer"
    assert "utter_person_early" not in responses(offer)


def test_somebody_who_comes_back_the_next_day_need_not_begin_again() -> None:
    c = Conversation(history())
    c.reports()
    back = replace(said("so what can you do", DialogueAct.INFORM), at=NOW + timedelta(days=1), message_id="next-day")
    decision = c.hears(back, Topic.ANSWER_OFFER)
    assert decision.says[0].parts[0].response == "utter_welcome_back"
    assert any("refund" in t for t in titles(decision))


@pytest.mark.parametrize(
    ("days_ago", "owned"),
    [(6, True), (1, False), (200, False)],
    ids=["had to come again", "may still be kept", "long ago"],
)
def test_an_answer_that_was_promised_and_never_came_is_owned(days_ago: int, owned: bool) -> None:
    summary = "Second e-mail about the kettle. Promised an answer by Friday."
    told = interaction(summary=summary, at=NOW - timedelta(days=days_ago), order_id="10482")
    decision = Conversation(history(interactions=(told,))).reports()
    assert ("utter_own_broken_promise" in responses(decision)) == owned
