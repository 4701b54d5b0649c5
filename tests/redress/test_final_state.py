"""What is stored at the end is compared with what a script expects of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casework.read_records import AlertRead, ConversationRead, DecisionRead, MessageRead, StepRead, SurveyRead
from casework.reading import Transcript
from recovery.records import Case, Compensation, FollowUp
from recovery.words import CaseStatus, ChallengeType, FollowUpKind, Remedy, Role, Severity
from redress.records import CaseRecord, ConversationRecord
from redress.simulation.checks import database_misses
from redress.simulation.script import DatabaseExpected

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BOOKED = NOW - timedelta(minutes=5)
CHECK_BACK = FollowUp("1", "101", "c1", FollowUpKind.CHECK_BACK, BOOKED + timedelta(minutes=2880))
SURVEY = FollowUp("2", "101", "c1", FollowUpKind.SURVEY, BOOKED + timedelta(minutes=1440))
ELSEWHERE = replace(CHECK_BACK, id="3", conversation_id="c0")
CASE = Case(
    "101",
    "C1",
    "c1",
    "10482",
    ChallengeType.LATE_DELIVERY,
    Severity.MINOR,
    CaseStatus.RESOLVED,
    NOW - timedelta(hours=1),
)
VOUCHER = Compensation(
    "7", "C1", "101", "10482", Remedy.VOUCHER, 500, BOOKED, "bot", Role.BOT, "late.wait.small", "HP-000007"
)
REWARD = replace(VOUCHER, id="8", remedy=Remedy.LOYALTY_REWARD, granted_at=NOW)
CONVERSATION = ConversationRead("c1", "web", "C1", "Ada", "bot", None, "", None, 0, (), False, NOW, NOW, None)
SENT = MessageRead("m1", 1, "customer", "Ada", "1", (), None, "answered", {}, NOW, None, None)
RATED = DecisionRead(1, "m1", "101", "survey_rated", ("after_a_recovery",), "1", {}, (), NOW)
LOW = SurveyRead("101", 1, None, BOOKED, NOW)


def stored(
    *follow_ups: FollowUp, case: Case = CASE, surveys: tuple[SurveyRead, ...] = (), alerted_after: float | None = None
) -> ConversationRecord:
    """A conversation that booked a voucher, and gave something in thanks later."""
    steps = [StepRead("101", "listen", "m1"), StepRead("101", "apologise", "m1")]
    transcript = Transcript(CONVERSATION, [SENT], [RATED], steps, [], [], surveys)
    seconds = timedelta(seconds=alerted_after or 0)
    alerts = () if alerted_after is None else (AlertRead(1, "low_rating", "c1", "", NOW + seconds, "", None),)
    return ConversationRecord(transcript, (CaseRecord(case, (VOUCHER, REWARD), follow_ups),), alerts, frozenset())


def misses(record: ConversationRecord, case: Mapping[str, Any] | None = None, **expected: Any) -> list[str]:
    """What a script that expects this of the one case, and of the rest, is told."""
    cases = [{"challenge": "late_delivery", **case}] if case else None
    return list(database_misses(DatabaseExpected.model_validate({"cases": cases, **expected}), record))


def follow_up(record: ConversationRecord, expected: Any) -> list[str]:
    return misses(record, {"follow_up": expected})


IN_TWO_DAYS = {"kind": "check_back", "after_minutes": 2880}


def test_the_follow_up_of_this_conversation_counts_from_what_it_booked() -> None:
    assert follow_up(stored(CHECK_BACK, SURVEY), IN_TWO_DAYS) == []
    late = replace(CHECK_BACK, due_at=CHECK_BACK.due_at + timedelta(hours=1))
    (told,) = follow_up(stored(late), IN_TWO_DAYS)
    assert "expected the check_back 2880 minutes after the booking; it is 2940" in told


def test_another_conversations_follow_up_is_none_of_this_one() -> None:
    assert len(follow_up(stored(ELSEWHERE), IN_TWO_DAYS)) == 1
    assert follow_up(stored(ELSEWHERE), "none") == []
    assert follow_up(stored(ELSEWHERE, CHECK_BACK), IN_TWO_DAYS) == []


def test_of_what_was_booked_in_place_of_something_else_there_is_one_follow_up() -> None:
    assert len(follow_up(stored(CHECK_BACK, replace(CHECK_BACK, id="4")), "check_back")) == 1


def test_what_is_stated_as_none_is_none() -> None:
    assert len(follow_up(stored(CHECK_BACK), "none")) == 1
    assert len(follow_up(stored(SURVEY), "none")) == 1


def test_nobody_is_surveyed_twice_nor_about_what_failed() -> None:
    assert follow_up(stored(SURVEY, surveys=(LOW,)), "none") == []
    assert follow_up(stored(SURVEY, case=replace(CASE, failed=True)), "none") == []


@pytest.mark.parametrize(("steps", "told"), [(["listen"], 0), (["listen", "thank"], 1), ("none", 1)])
def test_steps_are_at_least_those_or_none(steps: Any, told: int) -> None:
    assert len(misses(stored(), {"steps": steps})) == told


@pytest.mark.parametrize(("after", "told"), [(0.2, 0), (59.0, 0), (61.0, 1), (None, 1)])
def test_a_low_rating_is_alerted_within_the_time_counted_from_when_it_was_sent(
    after: float | None, told: int
) -> None:
    record = stored(surveys=(LOW,), alerted_after=after)
    assert len(misses(record, survey={"rating": 1, "alerted_within_s": 60})) == told
