"""Asked about their case while they wait: whether it is asked, and what is known of it."""

import pytest

from recovery.case_asked import asks_about_case, known_of


@pytest.mark.parametrize(
    "text",
    [
        "What happens with my case?",
        "what's happening now",
        "any news?",
        "what have you decided?",
        "where do we stand",
        "how far is my complaint",
        "who is dealing with it",
        "whats going on with this",
        "what is the status of my case",
    ],
)
def test_it_is_asked(text: str) -> None:
    assert asks_about_case(text)


@pytest.mark.parametrize(
    "text", ["hello?", "I want my money back", "the kettle is broken", "are you open on sunday?", "ok thanks"]
)
def test_it_is_not_asked(text: str) -> None:
    assert not asks_about_case(text)


def test_what_was_reported_is_named_with_its_order_and_what_is_booked_stays() -> None:
    late = {"title": "late delivery", "order_id": "10012", "progress": "booked", "agreed": "Priority delivery"}
    rude = {"title": "way you were treated", "order_id": None, "progress": "escalated", "agreed": None}
    gone = {"title": "lost parcel", "order_id": "10012", "progress": "dropped", "agreed": None}
    known = known_of([late, rude, gone])
    assert known.reported == "the late delivery on order 10012 and the way you were treated"
    assert known.booked == "priority delivery"
    assert known_of([]).reported == ""
