"""Is it English, is it words at all?"""

from __future__ import annotations

import pytest

from bot.nlu.unclear import why_unclear


@pytest.mark.parametrize(
    "text",
    ["Hola, mi paquete no ha llegado todavía", "où est mon colis", "wo ist mein Paket", "مرحبا أين طردي", "我的包裹在哪里",
     "gdzie jest moja paczka", "merhaba kargom nerede", "waar is mijn bestelling"],
)  # fmt: skip
def test_another_language_is_recognised(text: str) -> None:
    assert why_unclear(text) == "other_language"


@pytest.mark.parametrize(
    "text",
    ["ok", "no", "nah", "k thx", "wtf", "abeg network don go since morning", "can or not lah", "10482", "wifi down",
     "helooo anyone thr", "pls sort my ordr asap", "Order from Café Zoë", "yaar, my parcel is late", "hiyaaaa",
     "dishwaser brokn agen", "ASAP", "any news??", "also no", "put me thru pls", "tmrw", "who won the rugby"],
)  # fmt: skip
def test_every_english_is_english(text: str) -> None:
    assert why_unclear(text) is None


@pytest.mark.parametrize("text", ["asdfgh jkl", "hjkl", "fdgdfgdf", "dkfjghdkjfgh sdkjfh", "qwerty", "zzzzzzzz"])
def test_gibberish_is_recognised(text: str) -> None:
    assert why_unclear(text) == "gibberish"


@pytest.mark.parametrize("text", ["", "   ", "?", "...", "😡😡", "!!!", "k"])
def test_too_little_to_tell_is_said(text: str) -> None:
    assert why_unclear(text) == "too_short"
