"""Nothing that a customer can type may stop the engine or keep it busy."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu import cues
from bot.nlu.entities import EntityRules
from bot.nlu.evidence import matched
from bot.nlu.text import MAX_CHARACTERS, readable
from bot.nlu.unclear import why_unclear

LONG = {
    "one letter": "x" * 100_000,
    "digits": "1 " * 50_000,
    "pounds": "£" * 100_000,
    "at signs": "a@" * 50_000,
    "pluses": "+1" * 50_000,
    "ordinals": "the 9th " * 12_000,
    "spaces": " " * 100_000,
    "brackets": "(" * 100_000,
    "right to left": "אבג دهو " * 12_000,
    "emoji": "😡" * 50_000,
    "zero bytes": "\0" * 100_000,
    "sentence": "I was told it would come and it did not and I have called again and " * 1_400,
}
SLOW = 10  # seconds: a pattern that explodes takes minutes, a busy machine does not take this long


@pytest.fixture(scope="module")
def rules() -> EntityRules:
    return EntityRules(Path("/nonexistent"))


@pytest.mark.parametrize("name", LONG)
def test_a_long_message_keeps_no_rule_busy(rules: EntityRules, name: str) -> None:
    text, started = LONG[name], time.perf_counter()
    short = readable(text)
    rules.find(text, date(2026, 11, 22))
    cues.count(short)
    why_unclear(short)
    assert time.perf_counter() - started < SLOW


@given(st.text(max_size=500))
def test_any_text_has_countable_cues(text: str) -> None:
    assert np.isfinite(cues.count(readable(text))).all()


@given(st.text(max_size=500))
def test_any_text_is_clear_or_unclear(text: str) -> None:
    assert why_unclear(readable(text)) in (None, "too_short", "gibberish", "other_language")


@given(st.binary(max_size=500))
def test_binary_junk_is_read_like_any_text(junk: bytes) -> None:
    why = why_unclear(readable(junk.decode("latin-1")))
    assert why in (None, "too_short", "gibberish", "other_language")


@given(st.text(alphabet=st.characters(), max_size=300))
def test_evidence_is_words_of_the_message(text: str) -> None:
    shown = matched(text, ("frustration.", "long_wait."))
    assert all(piece in text for piece in shown)


@settings(max_examples=20)
@given(st.integers(0, 3 * MAX_CHARACTERS))
def test_what_is_read_is_bounded(size: int) -> None:
    assert len(readable("a" * size)) <= MAX_CHARACTERS
