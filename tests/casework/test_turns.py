"""From an engine's answer and an action's outcome to what is written."""

from datetime import UTC, datetime
from typing import Any

from casework.engine import Answer
from casework.ports import Author, Message, Now, Owner, Status
from casework.turn_record import ENGINE_DOWN, answered, engine_down, withheld

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MESSAGE = Message("m1", "c1", 1, Author.CUSTOMER, "Ada", "help", Status.RECEIVED, NOON)
NLU = {"frustration": {"level": 2}, "model": "x"}


def answer(*texts: str, **metadata: Any) -> Answer:
    return Answer(NLU, [{"text": t, "buttons": [], "metadata": metadata} for t in texts])


def handoff() -> dict[str, Any]:
    rationale = [{"text": "Asked.", "evidence": [{"kind": "message", "id": "m1"}]}]
    return {"rules": ["R01"], "team": "care", "priority": 2, "rationale": rationale}


def test_replies_without_ids_get_the_same_ones_whenever_the_turn_is_repeated() -> None:
    first, second = answered(MESSAGE, answer("a", "b"), None), answered(MESSAGE, answer("a", "b"), None)
    assert [r.id for r in first.replies] == [r.id for r in second.replies]
    assert len({r.id for r in first.replies}) == 2


def test_an_engines_id_is_the_replys_and_the_rest_of_its_metadata_is_kept() -> None:
    reply = answered(MESSAGE, answer("a", id="r1", tone="calm"), None).replies[0]
    assert (reply.id, reply.meta, reply.in_reply_to, reply.author) == ("r1", {"tone": "calm"}, "m1", Author.BOT)


def test_a_reply_without_text_is_not_said() -> None:
    assert answered(MESSAGE, answer("", "  ", "said"), None).replies[0].text == "said"


def test_without_an_action_the_messages_own_frustration_stands() -> None:
    assert answered(MESSAGE, answer("a"), None).frustration == 2
    assert answered(MESSAGE, answer("a"), {"frustration": {"level": 1}}).frustration == 1


def test_every_handoff_alerts_the_staff_once() -> None:
    told = {"handoff": handoff()}
    assert [a.kind for a in answered(MESSAGE, answer("a"), told).alerts] == ["handoff"]
    told["alerts"] = [{"kind": "handoff", "text": "Safety."}]
    assert [a.text for a in answered(MESSAGE, answer("a"), told).alerts] == ["Safety."]
    assert answered(MESSAGE, answer("a"), told).owner is Owner.QUEUE


def test_a_withheld_turn_keeps_everything_but_says_and_hands_over_nothing() -> None:
    now = Now(Owner.AGENT, Status.HELD, ("R01",), {"handoff": handoff(), "outcome": "handed_over"})
    record = withheld(MESSAGE, answer("a"), now)
    assert [r.status for r in record.replies] == [Status.WITHHELD]
    assert record.nlu == NLU
    assert (record.status, record.handoff, record.owner, record.outcome) == (Status.HELD, None, None, None)
    assert record.alerts == ()


def test_an_outage_cites_the_message_that_waits() -> None:
    record = engine_down(MESSAGE, "truth")
    assert record.handoff is not None
    assert record.handoff.rules == (ENGINE_DOWN,)
    assert record.handoff.rationale[0]["evidence"] == [{"kind": "message", "id": "m1"}]
    assert (record.status, record.owner) == (Status.RECEIVED, Owner.QUEUE)
