"""When a person takes over, how urgently, and why."""

from dataclasses import replace
from typing import Any

from recovery.assessment import assess
from recovery.conditions import NearMiss
from recovery.escalation import Escalation, escalate
from recovery.records import History
from recovery.situation import Situation, Topic
from recovery.state import Mood, Problem, Recovery
from recovery.words import Severity, Tier, Trigger
from tests.recovery.builders import (
    CUSTOMER,
    ESCALATION,
    LATE,
    NOW,
    PLAYBOOK,
    at_least,
    case,
    equals,
    escalation,
    history,
    playbook,
    said,
)


def judged(known: History | None = None, book: Any = PLAYBOOK, severity: int = 1, **heard: Any) -> Escalation:
    problem = Problem(LATE, "m1", order_id="10482", severity=Severity(severity))
    state = Recovery(problems=(problem,), mood=heard.pop("mood", Mood()))
    message = said("words", **heard)
    s = Situation(Topic.RECOVER, message, state, known or history(), book, NOW)
    return escalate(s, assess(problem, message, s.history, book, NOW), None)


def test_a_calm_late_parcel_needs_no_person() -> None:
    assert judged().hand_over is None


def test_the_most_urgent_rule_leads() -> None:
    both = judged(triggers=(Trigger.HUMAN_REQUEST, Trigger.SAFETY_RISK))
    assert [r.id for r in both.rules] == ["safety", "person_asked"]
    assert both.leading.id == "safety"
    assert both.hand_over is not None
    assert both.hand_over.team == "safety"


def test_all_conditions_of_a_rule_must_hold() -> None:
    assert judged(triggers=(Trigger.VULNERABILITY,)).leading.id == "vulnerable"
    noted = replace(history(), customer=replace(CUSTOMER, vulnerable=True))
    assert judged(noted).leading.id == "vulnerable"
    unharmed = replace(PLAYBOOK.challenges[LATE], raises=())
    book = playbook(challenges={**PLAYBOOK.challenges, LATE: unharmed})
    minor = judged(book=book, triggers=(Trigger.VULNERABILITY,))
    assert minor.hand_over is None
    assert minor.nearly == (NearMiss("vulnerable", "severity", "at least major", "minor"),)


def test_a_second_failed_recovery_goes_to_a_senior() -> None:
    twice = judged(history(cases=(case("311"), case("312"))))
    assert twice.hand_over is not None
    assert twice.hand_over.team == "senior"
    assert judged(history(cases=(case("311"),))).hand_over is None


def test_gravity_high_frustration_and_a_support_need_make_it_more_urgent() -> None:
    asked = {"triggers": (Trigger.HUMAN_REQUEST,)}
    plain, grave, upset = judged(**asked), judged(severity=3, **asked), judged(mood=Mood(score=2.0), **asked)
    assert plain.hand_over
    assert grave.hand_over
    assert upset.hand_over
    assert (plain.hand_over.priority, grave.hand_over.priority, upset.hand_over.priority) == (3, 2, 2)
    assert grave.hand_over.priority_reasons == ("person asked", "severity major")


def test_no_handoff_is_more_urgent_than_at_once() -> None:
    vulnerable = replace(history(), customer=replace(CUSTOMER, vulnerable=True, tier=Tier.GOLD))
    worst = judged(vulnerable, severity=4, mood=Mood(score=3.0), triggers=(Trigger.SAFETY_RISK,))
    assert worst.hand_over is not None
    assert worst.hand_over.priority == 1


def test_the_rationale_ends_with_what_an_agent_would_look_up_first() -> None:
    asked = judged(history(cases=(case(order_id="9"),)), triggers=(Trigger.HUMAN_REQUEST,))
    assert asked.hand_over is not None
    texts = [s.text for s in asked.hand_over.rationale.sentences]
    assert texts[0].startswith("The customer asked for a person")
    assert texts[1].startswith("Order 10482 was promised for 16 Nov")
    assert "case 311" in texts[2]


def test_a_rationale_is_read_at_a_glance() -> None:
    known = history(cases=tuple(case(str(n), order_id="9") for n in range(20)))
    assert (over := judged(known, triggers=tuple(Trigger), frustration=3).hand_over) is not None
    assert len(over.rationale.sentences) <= 6


def test_a_rule_on_a_fact_without_a_sentence_cites_the_message() -> None:
    book = playbook(escalation=(escalation("conduct", equals("challenge", "late_delivery")),))
    stranger = Situation(Topic.RECOVER, said("hm"), Recovery(problems=(Problem(LATE, "m1"),)), None, book, NOW)
    over = escalate(stranger, assess(Problem(LATE, "m1"), said("hm"), None, book, NOW), None).hand_over
    assert over is not None
    assert str(over.rationale) == "The customer wrote: “hm”. [message m1]"


def test_a_rule_that_asks_for_an_unknown_fact_never_fires() -> None:
    book = playbook(escalation=(escalation("typo", at_least("frustrashun", 0)), *ESCALATION))
    assert judged(book=book).hand_over is None
