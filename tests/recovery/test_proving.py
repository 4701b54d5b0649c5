"""What counts as an address or a code in a message, and how often each may be tried."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.proving import (
    HIDDEN,
    LASTS,
    SENT_MOST,
    TRIES,
    WITHIN,
    SentCode,
    Verdict,
    codes_in,
    email_in,
    judge,
    masked,
    may_send,
    only_a_code,
)
from tests.recovery.builders import NOW

CODE = st.text("0123456789", min_size=6, max_size=6)


@pytest.mark.parametrize(
    "text", ["ada@example.com", "It's Ada@Example.com.", "my e-mail address is <ada@example.com>, thanks"]
)
def test_an_address_alone_or_with_a_few_words_is_an_address(text: str) -> None:
    assert str(email_in(text)).lower() == "ada@example.com"


@pytest.mark.parametrize(
    "text", ["my kettle broke, I'm ada@example.com", "ada@example.com or bob@example.com", "ada@example", "hello"]
)
def test_a_message_that_tells_more_or_less_is_no_address(text: str) -> None:
    assert email_in(text) is None


@pytest.mark.parametrize("text", ["402913", "402 913", "the code is 402-913", "4 0 2 9 1 3", "٤٠٢٩١٣"])
def test_a_code_is_read_however_it_is_spaced(text: str) -> None:
    assert codes_in(text) == ("402913",)
    assert only_a_code(text)
    assert masked(text).endswith(HIDDEN)


@pytest.mark.parametrize("text", ["12345", "1234567", "402 913 55", "07700 900123", "£1,000"])
def test_other_numbers_are_no_code(text: str) -> None:
    assert codes_in(text) == ()
    assert masked(text) == text


@given(CODE, st.text(), st.text())
def test_no_code_is_left_in_a_masked_text(code: str, before: str, after: str) -> None:
    assert codes_in(masked(f"{before} {code} {after}")) == ()


@given(st.lists(st.integers(0, 7200), max_size=30))
def test_within_any_hour_no_more_than_three_go_out(asked_at_s: list[int]) -> None:
    sent = []
    for moment in (NOW + timedelta(seconds=s) for s in sorted(asked_at_s)):
        if may_send(sent, moment):
            sent.append(moment)
    for first in sent:
        assert sum(first <= at < first + WITHIN for at in sent) <= SENT_MOST


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.booleans(), st.integers(0, 700)), max_size=20))
def test_a_code_is_right_once_within_its_time_and_its_tries(tries: list[tuple[str, bool, int]]) -> None:
    """Each try is named by what was guessed, so one name is right or wrong for good."""
    counted, tried_in, used_in, rights = 0, None, None, set()
    for name, right, later in sorted(tries, key=lambda one: one[2]):
        attempt, now = f"{name}{right}", NOW + timedelta(seconds=later)
        code = SentCode("4711", "", "", NOW + LASTS, counted, tried_in, used_in)
        verdict = judge(code, attempt, now, right=right)
        if verdict is not Verdict.OVER and tried_in != attempt:
            counted, tried_in = counted + 1, attempt
        if verdict is Verdict.RIGHT:
            assert right
            used_in = attempt
            rights.add(attempt)
    assert len(rights) <= 1
    assert counted <= TRIES


def test_a_code_for_nobody_is_never_right() -> None:
    code = SentCode(None, "", "", NOW + LASTS)
    assert judge(code, "m1", NOW, right=True) is Verdict.WRONG


def test_a_right_code_is_worth_nothing_from_the_minute_it_expires() -> None:
    code = SentCode("4711", "", "", NOW + LASTS)
    assert judge(code, "m1", NOW + LASTS - timedelta(seconds=1), right=True) is Verdict.RIGHT
    assert judge(code, "m1", NOW + LASTS, right=True) is Verdict.OVER
