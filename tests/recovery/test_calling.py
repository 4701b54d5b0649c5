"""Who asks to be rung is heard, in their words; a complaint about calls, or a wish for none, asks for none."""

import pytest

from recovery.calling import asks_for_a_call, tells_a_number


@pytest.mark.parametrize(
    "text",
    [
        "can someone call me back please",
        "Please ring me on 07700 900123 after 5",
        "can you give me a call about this",
        "I'd rather talk on the phone, can you phone me",
        "my boiler's dead. call me",
        "call me back",
        "could somebody from your team just ring me",
        "I would like a callback",
        "I want to be called back today",
        "can i get a call",
        "just get someone to call me",
        "i need a phone call",
    ],
)
def test_who_asks_to_be_rung_is_heard(text: str) -> None:
    assert asks_for_a_call(text)


@pytest.mark.parametrize(
    "text",
    [
        "nobody called me back like you promised",
        "please don't call me, write",
        "stop calling me",
        "you said you'd call me and never did",
        "call me old-fashioned, but I expect a parcel to arrive",
        "call me a cab",
        "your driver called me names",
        "the doorbell doesn't ring",
        "I rang you twice",
        "do you have a phone number",
        "never call me again",
    ],
)
def test_who_only_speaks_of_calls_is_not(text: str) -> None:
    assert not asks_for_a_call(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("07700 900123", True),
        ("it's +44 (0)20 7946-0012, after 3", True),
        ("order 10012", False),
        ("after 3 pm on 12/11", False),
        ("tracking JD0002244668800", False),
    ],
)
def test_a_number_that_can_be_dialled_is_seen(text: str, told: bool) -> None:
    assert tells_a_number(text) is told
