"""What holds of every decision, whatever the message, the state and the history."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recovery.decision import Book, Decision, HandOver, RecordSurvey
from recovery.next_step import next_step
from recovery.purse import OWN_MONEY, granted_in_the_year
from recovery.situation import Situation, Topic
from recovery.state import Progress
from recovery.words import DialogueAct, Role, Stage
from tests.recovery.builders import NOW, PLAYBOOK, handed_over
from tests.recovery.situations import histories, situations

MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LIMIT = PLAYBOOK.empowerment[Role.BOT]


@MANY
@given(situations())
def test_there_is_a_decision_and_it_is_the_same_each_time(s: Situation) -> None:
    decision = next_step(s)
    assert isinstance(decision, Decision)
    assert decision == next_step(s)
    assert any(say.parts for say in decision.says)


@MANY
@given(situations())
def test_nothing_is_booked_that_did_not_wait_for_a_yes(s: Situation) -> None:
    for effect in next_step(s).effects:
        if isinstance(effect, Book):
            agreed = {p.agreed for p in s.state.problems if p.progress is Progress.AGREED}
            assert effect.option.id in agreed
            assert s.history is not None


@MANY
@given(situations(histories()))
def test_no_option_is_offered_or_booked_above_the_bots_limit(s: Situation) -> None:
    decision = next_step(s)
    assert s.history is not None
    offered = [o for p in decision.state.problems if p.is_live for o in p.options]
    booked = [e.option for e in decision.effects if isinstance(e, Book)]
    for option in (*offered, *booked):
        assert option.pence <= LIMIT.per_grant
    for book in (e for e in decision.effects if isinstance(e, Book)):
        others = [c for c in s.history.compensations if c.case_id != book.problem.case_id]
        if book.option.remedy not in OWN_MONEY:
            assert granted_in_the_year(others, NOW, PLAYBOOK.policy) + book.option.pence <= LIMIT.per_customer_a_year


@MANY
@given(situations(), st.sampled_from(Stage))
def test_a_person_request_hands_over_at_every_stage(s: Situation, stage: Stage) -> None:
    words = replace(s.heard, text="let me talk to a person", act=DialogueAct.REQUEST_HUMAN, choice="", unclear="")
    asked = replace(s, topic=Topic.PERSON, state=replace(s.state, stage=stage), heard=words)
    decision = next_step(asked)
    assert (over := handed_over(decision)) is not None
    assert "person_asked" in over.rules
    assert decision.state.stage is Stage.HANDED_OVER
    assert not any(p.is_live for p in decision.state.problems)


@MANY
@given(situations())
def test_every_hand_over_is_cited_from_what_is_stored(s: Situation) -> None:
    messages = {f"m{n}" for n in range(10)}
    for over in (e for e in next_step(s).effects if isinstance(e, HandOver)):
        known = s.history.evidence if s.history else frozenset()
        cited = {e for sentence in over.rationale.sentences for e in sentence.evidence}
        assert cited
        assert all(e in known or (e.kind == "message" and e.id in messages) for e in cited)


@MANY
@given(situations(st.none()))
def test_a_stranger_is_told_nothing_of_any_history(s: Situation) -> None:
    decision = next_step(s)
    told = " ".join(str(v) for say in decision.says for p in say.parts for v in p.facts.values())
    shown = told + " ".join(b.title for say in decision.says for b in say.buttons)
    for secret in ("10482", "10400", "10500", "Mona", "£45", "£10", "A new one", "kettle", "SwiftVan"):
        assert secret not in shown


@MANY
@given(situations())
def test_a_case_is_surveyed_only_in_its_own_time(s: Situation) -> None:
    for effect in next_step(s).effects:
        if isinstance(effect, RecordSurvey) and effect.rating is None and effect.comment is None:
            assert effect.case_id not in s.state.surveyed


@MANY
@given(situations())
def test_what_is_over_stays_over(s: Situation) -> None:
    after = next_step(s).state.problems
    for before, now in zip(s.state.problems, after, strict=False):
        if not before.is_live and before.progress is not Progress.BOOKED:
            assert now == before
        if before.progress is Progress.BOOKED:
            assert now.progress in (Progress.BOOKED, Progress.FAILED)
