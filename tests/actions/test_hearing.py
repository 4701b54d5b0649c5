"""A tracker's message is read once and checked there: nothing in it can break a turn."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.hearing import heard_in
from recovery.heard import Heard
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, Trigger

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PARTS = ("metadata", "intent", "challenges", "frustration", "triggers", "redress_entities", "entities", "text")


def read(**message: Any) -> Heard:
    return heard_in({"message_id": "m1", **message}, "GBP", NOW)


def test_a_message_is_read_as_values() -> None:
    heard = read(
        text="/inform",
        metadata={"text": "order 10482 is late", "at": "2026-11-20T09:00:00+00:00"},
        intent={"name": "report_problem", "confidence": 0.9},
        challenges=[{"type": "late_delivery", "confidence": 0.8}],
        frustration={"level": 2, "score": 1.8, "evidence": ["again"]},
        triggers=[{"name": "long_wait", "evidence": ["two weeks"]}],
        redress_entities=[{"name": "order_number", "value": "10482", "text": "10482"}],
    )
    assert heard.text == "order 10482 is late"
    assert heard.at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert heard.act is DialogueAct.REPORT_PROBLEM
    assert heard.challenges == (ChallengeType.LATE_DELIVERY,)
    assert heard.frustration is FrustrationLevel.FRUSTRATED
    assert heard.trigger(Trigger.LONG_WAIT) is not None
    assert heard.entity("order_number") == "10482"


def test_labels_that_nobody_knows_are_left_out() -> None:
    heard = read(intent={"name": "nlu_fallback"}, challenges=[{"type": "volcano"}], triggers=[{"name": "moon"}])
    assert heard.act is DialogueAct.OUT_OF_SCOPE
    assert heard.challenges == heard.triggers == ()


@pytest.mark.parametrize(("level", "read_as"), [(-4, 0), (9, 3), (None, 0), ("2", 2), ("high", 0), ([], 0)])
def test_a_frustration_level_is_one_of_four(level: object, read_as: int) -> None:
    assert read(frustration={"level": level}).frustration == read_as


def test_a_clicked_button_carries_its_choice() -> None:
    assert read(entities=[{"entity": "choice", "value": "order:10482"}]).choice == "order:10482"
    assert read(text='/affirm{"choice": "yes"}').choice == ""


@pytest.mark.parametrize(
    ("amount", "pence"),
    [(12.5, "1250"), ("19.99", "1999"), ("NaN", None), ("1e400", None), ("many", None), (None, None)],
)
def test_money_is_pence_where_it_can_be(amount: object, pence: str | None) -> None:
    money = {"name": "money", "value": {"amount": amount, "currency": "GBP"}, "text": "x"}
    assert read(redress_entities=[money]).entity("pence") == pence


def test_money_of_another_currency_is_not_converted() -> None:
    euros = {"name": "money", "value": {"amount": 10, "currency": "EUR"}, "text": "10 €"}
    assert read(redress_entities=[euros]).entity("pence") is None


@pytest.mark.parametrize("at", [None, "", "yesterday", 17, "2026-13-45"])
def test_a_message_without_a_readable_time_came_now(at: object) -> None:
    assert read(metadata={"at": at}).at == NOW


@given(st.dictionaries(st.sampled_from(PARTS), JSON, max_size=6))
def test_no_content_of_a_tracker_breaks_the_reading(message: dict[str, Any]) -> None:
    heard = read(**message)
    assert heard.message_id == "m1"
    assert isinstance(heard.text, str)
    assert heard.at.tzinfo is not None


def objects(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(names), JSON)


@given(
    st.fixed_dictionaries(
        {
            "challenges": st.lists(objects("type", "confidence"), max_size=3),
            "triggers": st.lists(objects("name", "evidence"), max_size=3),
            "redress_entities": st.lists(objects("name", "value", "text"), max_size=3),
            "frustration": objects("level", "evidence"),
            "intent": objects("name"),
        }
    )
)
def test_no_value_in_the_right_place_breaks_the_reading_either(message: dict[str, Any]) -> None:
    assert read(**json.loads(json.dumps(message))).frustration in FrustrationLevel
