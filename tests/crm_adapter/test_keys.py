"""Addresses and numbers are looked up however a person wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_adapter.keys import email_key, number, phone_key


@pytest.mark.parametrize(
    "written",
    ["07700 900123", "+44 7700 900123", "+44 (0) 7700 900123", "0044 7700 900-123", "０７７００ ９００１２３"],
)
def test_a_british_number_has_one_key(written: str) -> None:
    assert phone_key(written) == "07700900123"


def test_a_foreign_number_keeps_its_country() -> None:
    assert phone_key("+49 30 23125 000") == phone_key("0049 30 23125 000") == "+493023125000"


@given(st.text())
def test_any_text_has_keys_and_they_stay_the_same(text: str) -> None:
    assert email_key(email_key(text)) == email_key(text)
    assert phone_key(phone_key(text)) == phone_key(text)


@given(st.text())
def test_only_plain_short_numbers_are_ids(text: str) -> None:
    found = number(text)
    assert found is None or int(text) == found
