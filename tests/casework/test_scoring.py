"""A transcript from anywhere is marked from its words, and its marks can be read and written."""

from datetime import UTC, datetime
from typing import Any

from casework.scoring import card_json, card_table, cards_of_transcript
from casework.shadowing import read_line

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LINE: dict[str, Any] = {
    "id": "t1",
    "customer": "Maya Fletcher",
    "turns": [
        {"who": "customer", "text": "my kettle is late"},
        {"who": "agent", "text": "Maya, I'm sorry your kettle is late."},
    ],
}
HEARD = {"dialogue_act": {"name": "report_problem"}, "challenges": [{"type": "late_delivery"}]}


def test_marks_are_told_as_json_with_the_places_of_their_messages() -> None:
    (card,) = cards_of_transcript(read_line(LINE), [HEARD], "GBP", AT)
    told = card_json(card, "t1")
    assert (told["id"], told["of"], told["mean"]) == ("t1", "conversation", card.mean)
    marks = {m["mark"]: m for m in told["marks"]}
    assert marks["apologise"] == {
        "mark": "apologise",
        "score": 100,
        "why": "The apology names what went wrong.",
        "earned": ["t1/1"],
        "lost": [],
    }
    assert marks["personal"]["score"] == 100
    assert marks["history_used"]["score"] is None


def test_the_table_says_what_was_not_marked() -> None:
    (card,) = cards_of_transcript(read_line(LINE), [HEARD], "GBP", AT)
    lines = card_table(card, "t1").splitlines()
    assert lines[0] == f"t1, the whole conversation: {card.mean} of 100"
    assert any(line.startswith("  100  apologise ") and line.endswith("[+t1/1]") for line in lines)
    assert any(line.startswith("    –  history used ") for line in lines)
