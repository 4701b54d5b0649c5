"""Which message a correction is about, where the agent only pressed the button."""

from datetime import UTC, datetime
from typing import Any

import pytest

from casework.learning import about, heard_of, key_of
from casework.ports.learning import Wrong
from casework.read_records import HandoffRead, MessageRead

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def said(
    seq: int, level: int = 0, *challenges: str, author: str = "customer", payload: str | None = None
) -> MessageRead:
    nlu: dict[str, Any] = {"frustration": {"level": level}, "challenges": [{"type": c} for c in challenges]}
    heard = nlu if author == "customer" else None
    return MessageRead(f"m{seq}", seq, author, "", f"words {seq}", (), payload, "answered", {}, NOW, NOW, heard)


def handoff_at(message_id: str) -> HandoffRead:
    nothing: Any = ()
    return HandoffRead(
        1, message_id, ("R08",), "1", "care", 2, (), {}, nothing, {}, NOW, None, "", None, None, None, None, None
    )


TALK = [
    said(1, 0, "late_delivery"),
    said(2, author="bot"),
    said(3, 2),
    said(4, 0, payload="/affirm"),
    said(5, 1),
    said(6, 0, "billing_error"),
]


@pytest.mark.parametrize(
    ("what", "message"),
    [
        (Wrong.CHALLENGE, "m1"),  # the last before the handoff that named one
        (Wrong.FRUSTRATION, "m3"),  # the angriest
        (Wrong.ESCALATED, "m5"),  # the one that led to the handoff
        (Wrong.NOT_ESCALATED, "m3"),  # the one before it
    ],
)
def test_the_message_that_it_most_likely_is(what: Wrong, message: str) -> None:
    assert about(what, TALK, handoff_at("m5")).id == message


@pytest.mark.parametrize("what", list(Wrong))
def test_a_conversation_of_one_message_has_one_to_correct(what: Wrong) -> None:
    assert about(what, [said(1)], None).id == "m1"


def test_where_nothing_was_heard_nothing_can_be_corrected() -> None:
    with pytest.raises(ValueError, match="nothing to correct"):
        about(Wrong.CHALLENGE, [said(1, author="bot"), said(2, payload="/affirm")], None)


def test_evidence_that_named_somebody_goes_with_the_name() -> None:
    result = {"frustration": {"level": 2, "evidence": ["Maya is furious", "third time"]}, "triggers": []}
    heard = heard_of(result, "Alex is furious, third time")
    assert heard["frustration"]["evidence"] == ["third time"]
    assert "entities" not in heard


def test_the_same_words_have_one_key() -> None:
    assert key_of("It is  LATE\n") == key_of("it is late")
    assert key_of("it is late") != key_of("it is late!")
