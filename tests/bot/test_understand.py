"""The real pipeline, trained on a few messages, asked from the command line's side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.understand import Before, Parse, answer, load

RESULT = {"dialogue_act": {}, "challenges": [], "frustration": {}, "triggers": [], "entities": [], "person_due": 0.1}


def result(text: str, before: Before = ()) -> dict[str, Any]:
    return RESULT


@pytest.fixture(scope="module")
def parse(real_model: Path) -> Parse:
    return load(real_model)


@pytest.mark.parametrize("line", ["garbage", "[]", '{"id": 1}', '{"text": 3}', "null", "[" * 100_000])
def test_a_bad_line_is_answered_with_an_error(line: str) -> None:
    found = answer(result, line)
    assert found["id"] is None and "error" in found


def test_an_answer_carries_the_id_of_its_line() -> None:
    assert answer(result, '{"id": "a7", "text": "hello"}')["id"] == "a7"


def test_an_answer_has_exactly_the_promised_fields() -> None:
    found = answer(result, '{"id": 1, "text": "hello"}')
    assert set(found) == {"id", "dialogue_act", "challenges", "frustration", "triggers", "entities", "person_due"}


def test_a_late_parcel_is_a_late_delivery(parse: Parse) -> None:
    found = parse("the parcel was due on tuesday and is late")
    assert [c["type"] for c in found["challenges"]] == ["late_delivery"]


def test_a_burn_is_a_safety_incident_with_its_words(parse: Parse) -> None:
    found = parse("the kettle exploded and burned my hand badly")
    assert {"burned"} <= {word for t in found["triggers"] if t["name"] == "safety_risk" for word in t["evidence"]}


def test_thanks_are_calm(parse: Parse) -> None:
    assert parse("thank you so much, you have been very kind")["frustration"]["level"] == 0


def test_a_message_in_another_language_is_not_guessed_at(parse: Parse) -> None:
    found = parse("Hola, mi paquete no ha llegado y quiero mi dinero")
    assert (found["unclear"], found["challenges"], found["dialogue_act"]["name"]) == (
        "other_language",
        [],
        "out_of_scope",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "😡😡😡",
        "\0\1\2",
        "אני רוצה לדבר עם מנהל",
        "a" * 100_000,
        "word " * 20_000,
        "\ud83d",
        "/greet",
        "���",
    ],
)
def test_any_input_is_answered(parse: Parse, text: str) -> None:
    assert set(parse(text)) >= set(RESULT)


def test_the_same_message_is_understood_the_same(parse: Parse) -> None:
    found: list[Any] = [parse("where is my blender, it was due friday") for _ in range(3)]
    assert found[0] == found[1] == found[2]


def test_evidence_shows_no_piece_of_a_number_or_an_address(parse: Parse) -> None:
    told = parse("third time I ring: 07700 900461, or write to owen@private.example, and let me talk to a person")
    shown = [told["frustration"]["evidence"], *(t["evidence"] for t in told["triggers"])]
    words = " ".join(word for words in shown for word in words)
    assert words
    assert not any(piece in words for piece in ("07700", "900461", "owen", "private", "example"))
