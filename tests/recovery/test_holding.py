""" "One moment" holds the line and answers nothing; what tells, asks or names a time does not count as holding."""

import pytest

from recovery.holding import only_asks_to_wait


@pytest.mark.parametrize(
    "text",
    [
        "One moment please.",
        "Hi Ada, just a sec, I'm reading what you wrote",
        "bear with me",
        "Let me check that for you.",
        "I’ll look into it now.",
        "Thanks, give me two minutes, I'll be right back",
        "hang on, checking with the warehouse",
        "I'm going to have a look",
    ],
)
def test_who_only_asks_to_wait_owes_an_answer(text: str) -> None:
    assert only_asks_to_wait(text)


@pytest.mark.parametrize(
    "text",
    [
        "Your refund was sent a moment ago.",
        "I've booked it, one moment and you'll have the mail.",
        "Let me check: was it the blue one?",
        "I'll get back to you tomorrow by ten.",
        "I'll call you in two hours.",
        "The parcel is in Leeds.",
        "I checked with the warehouse and the lamp is out of stock, so I can offer you the brass one"
        " or your money back if you would rather have that, let me know",
        "",
    ],
)
def test_what_tells_something_is_an_answer(text: str) -> None:
    assert not only_asks_to_wait(text)
