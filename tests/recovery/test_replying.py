"""What a reply did to the problem, whoever wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.replying import read_reply

ASKED = "Sorry about that. What's your order number?"


@pytest.mark.parametrize(
    "text",
    [
        "How about 20% off your next order?",
        "I can give you £30 for the trouble.",
        "You can have all your money back.",
        "Shall I send a new one?",
        "May I suggest a few more nights?",
        "Keep it and enjoy a 5% rebate. Agree?",
        "Rebook for tomorrow, 8 to 6?",
        "Or drop it at a parcel shop.",
    ],
)
def test_an_offer_is_heard_in_many_words(text: str) -> None:
    reply = read_reply(text, ())
    assert reply.offers
    assert reply.helps


@pytest.mark.parametrize(
    "text",
    [
        "I've cancelled it and sent the £12 back.",
        "Booked for Tuesday.",
        "It's on its way.",
        "Released.",
        "Order restored.",
    ],
)
def test_what_is_done_is_put_right(text: str) -> None:
    assert read_reply(text, ()).puts_right


@pytest.mark.parametrize(
    "text",
    ["£40 is the most I'm able to offer.", "Anything else I can help with?", "Enjoy your day!", "Was this helpful?"],
)
def test_declining_or_closing_lets_down(text: str) -> None:
    assert read_reply(text, ()).lets_down


@pytest.mark.parametrize(
    "text",
    [
        "Thanks! To look it up, please tell me your order number.",
        "What is your order number?",
        "I wasn't able to continue. Please type your order number.",
    ],
)
def test_a_request_in_other_words_is_the_same_request(text: str) -> None:
    assert read_reply(text, (ASKED,)).again


def test_a_step_told_once_more_is_the_same_again() -> None:
    first = "Let's reset it: hold the clock and minus buttons for five seconds."
    assert read_reply(
        "I see. Please reset it by holding the clock and minus buttons for five seconds.", (first,)
    ).again


@pytest.mark.parametrize("text", ["Sorry about that. Is the light red?", "Thank you. Which colour would you like?"])
def test_courtesy_said_twice_is_no_loop(text: str) -> None:
    assert not read_reply(text, (ASKED,)).again


@given(st.text(max_size=200))
def test_any_text_but_an_empty_one_said_twice_is_the_same_again_or_says_little(text: str) -> None:
    words = [w for w in text.split() if w.isascii() and w.isalpha() and len(w) > 2]
    assert read_reply(text, (text,)).again or len(set(words)) < 6
