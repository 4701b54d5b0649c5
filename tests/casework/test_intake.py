"""What a text becomes before it is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.intake import LONGEST, MessageEmpty, MessageRefused, MessageTooLong, clean, clean_id


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_whatever_is_taken_can_be_stored_and_cleaning_again_changes_nothing(text: str) -> None:
    try:
        taken = clean(text)
    except MessageRefused:
        return
    assert "\x00" not in taken
    assert taken.encode()
    assert clean(taken) == taken


def test_what_a_customer_sees_is_what_they_wrote() -> None:
    for text in ("Grüße, où est mon colis?", "طردي\u200fلم يصل", "👩‍👩‍👧‍👦", "a\n\tb", "<b>&amp;</b>"):
        assert clean(text) == text


@pytest.mark.parametrize("text", ["", " \n", "\x00\x1f", "\u200b", "\ud800"])
def test_nothing_to_read_is_empty(text: str) -> None:
    with pytest.raises(MessageEmpty):
        clean(text)


def test_length_counts_what_is_left_after_cleaning() -> None:
    assert len(clean("a" * LONGEST + "\x00" * 9_000)) == LONGEST
    with pytest.raises(MessageTooLong, match=r"8,001 characters, and at most 8,000"):
        clean("a" * (LONGEST + 1))


@pytest.mark.parametrize("key", ["", "a\n", "\x00", "x" * 65])
def test_an_id_is_short_and_printable(key: str) -> None:
    with pytest.raises(MessageRefused):
        clean_id(key)
