"""What is found in a message, and what it means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.entities import EntityRules, day_of

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> EntityRules:
    products = tmp_path_factory.mktemp("shop") / "products.txt"
    products.write_text("# the shop's goods\nStand mixer\nAir fryer\n")
    return EntityRules(products)


def values(rules: EntityRules, name: str, text: str) -> list[Any]:
    return [found.value for found in rules.find(text, TODAY) if found.name == name]


@pytest.mark.parametrize(
    "text",
    ["order 10482 is late", "#10482", "R-10482?", "r-10482", "ORDER NO. 10482.", "it's 10482", "10482", "order:10482",
     "Order number is 10482", "on 10482 still"],
)  # fmt: skip
def test_an_order_number_is_read_in_every_look(rules: EntityRules, text: str) -> None:
    assert values(rules, "order_number", text) == ["10482"]


@pytest.mark.parametrize(
    "text",
    ["£10482", "paid 15000 naira", "15000 rupees", "call 07700 900123", "in 2025", "1048", "104823", "10000", "3.10482",
     "12000 btu", "20,500.50", "it cost 15000", "postcode 90210"],
)  # fmt: skip
def test_what_is_no_order_number_is_left_alone(rules: EntityRules, text: str) -> None:
    assert values(rules, "order_number", text) == []


@pytest.mark.parametrize("text", ["RD123456789GB", "rd 123 456 789 gb", "Rd123456789gB", "RD-123-456-789-GB"])
def test_a_tracking_number_is_read_in_every_look(rules: EntityRules, text: str) -> None:
    assert values(rules, "tracking_number", text) == ["RD123456789GB"]


def test_a_tracking_number_of_another_carrier_is_left_alone(rules: EntityRules) -> None:
    assert values(rules, "tracking_number", "XX123456789GB") == []


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [("£4.99", "4.99", "GBP"), ("1.234,50 €", "1234.50", "EUR"), ("$1,234.50", "1234.50", "USD"), ("50p", "0.50", "GBP"),
     ("two hundred quid", "200.00", "GBP"), ("200 quid", "200.00", "GBP"), ("Rs. 45,000", "45000.00", "INR"),
     ("S$40", "40.00", "SGD"), ("15000 naira", "15000.00", "NGN"), ("USD 300", "300.00", "USD"), ("$1.2k", "1200.00", "USD"),
     ("¥5000", "5000", "JPY"), ("12,50 euros", "12.50", "EUR"), ("two grand", "2000.00", "GBP")],
)  # fmt: skip
def test_money_is_read_in_any_currency(rules: EntityRules, text: str, amount: str, currency: str) -> None:
    assert values(rules, "money", f"it was {text} in all") == [{"amount": amount, "currency": currency}]


@pytest.mark.parametrize("text", ["3 pm", "won 2 games", "5 pack", "part 12 of it", "the 4th"])
def test_numbers_that_are_no_money_are_left_alone(rules: EntityRules, text: str) -> None:
    assert values(rules, "money", text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [("16/11/2026", "2026-11-16"), ("16.11.2026", "2026-11-16"), ("2026-11-16", "2026-11-16"), ("16 Nov", "2026-11-16"),
     ("Nov 16th, 2025", "2025-11-16"), ("the 16th of November", "2026-11-16"), ("11/25/2026", "2026-11-25"),
     ("yesterday", "2026-11-21"), ("three days ago", "2026-11-19"), ("2 weeks ago", "2026-11-08"),
     ("a couple of days ago", "2026-11-20"), ("in 2 weeks", "2026-12-06"), ("on monday", "2026-11-16"),
     ("last Friday", "2026-11-20"), ("by friday", "2026-11-27"), ("next Tuesday", "2026-11-24"),
     ("since the 9th", "2026-11-09"), ("before the 9th", "2026-12-09"), ("on 28 December", "2026-12-28"),
     ("5 January", "2027-01-05")],
)  # fmt: skip
def test_a_date_is_read_from_the_day_of_the_message(rules: EntityRules, text: str, day: str) -> None:
    assert values(rules, "date", f"it was {text}") == [day]


@pytest.mark.parametrize("text", ["31/02/2026", "99/99/2026", "sat in all day", "may I", "2.5 stars", "24/7"])
def test_what_is_no_date_is_left_alone(rules: EntityRules, text: str) -> None:
    assert values(rules, "date", text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("07700 900123", "07700900123"), ("+44 (0)20 7946 0958", "+442079460958"), ("0044 7700 900123", "+447700900123"),
     ("(415) 555-2671", "4155552671"), ("+91 98765 43210", "+919876543210")],
)  # fmt: skip
def test_a_phone_number_is_read_as_it_is_dialled(rules: EntityRules, text: str, number: str) -> None:
    assert values(rules, "phone", f"ring me on {text} please") == [number]


def test_an_email_address_is_read_in_small_letters(rules: EntityRules) -> None:
    assert values(rules, "email", "It's Jo.O'Neil+shop@Mail.Example.co.uk.") == ["jo.o'neil+shop@mail.example.co.uk"]


@pytest.mark.parametrize(
    ("text", "count"),
    [("3 mugs broke", 3), ("two of the plates", 2), ("x4", 4), ("qty: 2", 2), ("six white cups", 6)],
)
def test_a_quantity_is_counted(rules: EntityRules, text: str, count: int) -> None:
    assert values(rules, "quantity", text) == [count]


@pytest.mark.parametrize("text", ["2 weeks", "3 times", "five calls", "10 years", "4 pm"])
def test_time_and_calls_are_no_quantity(rules: EntityRules, text: str) -> None:
    assert values(rules, "quantity", text) == []


@pytest.mark.parametrize("text", ["my stand mixer", "two STAND MIXERS"])
def test_a_product_is_named_as_the_shop_names_it(rules: EntityRules, text: str) -> None:
    assert values(rules, "product", text) == ["Stand mixer"]


@given(st.text(max_size=300))
def test_entities_stand_where_they_say_and_never_overlap(rules: EntityRules, text: str) -> None:
    found = rules.find(text, TODAY)
    inside = all(text[f.start : f.end].strip() == f.text for f in found)
    assert inside and all(a.end <= b.start for a, b in zip(found, found[1:]))


@given(st.lists(st.sampled_from(
    ["10482", "#10999", "£4.99", "07700 900123", "monday", "16 Nov", "RD123456789GB", "a@b.co", "3 mugs", "the 9th", ","]
), max_size=12))  # fmt: skip
def test_crowded_entities_never_overlap(rules: EntityRules, parts: list[str]) -> None:
    found = rules.find(" ".join(parts), TODAY)
    assert all(a.end <= b.start for a, b in zip(found, found[1:]))


@given(st.integers(10001, 99999))
def test_every_order_number_of_the_shop_is_found(rules: EntityRules, number: int) -> None:
    assert values(rules, "order_number", f"where is order {number}") == [str(number)]


@given(st.dates(date(2020, 1, 1), date(2029, 12, 31)))
def test_every_iso_date_means_itself(rules: EntityRules, day: date) -> None:
    assert values(rules, "date", f"on {day.isoformat()} it came") == [day.isoformat()]


@pytest.mark.parametrize(
    ("stamp", "day"), [("2026-11-16T09:30:00Z", date(2026, 11, 16)), (1795000000, date(2026, 11, 18))]
)
def test_the_day_of_a_message_is_in_its_metadata(stamp: Any, day: date) -> None:
    assert day_of(Message({"metadata": {"timestamp": stamp}})) == day


@pytest.mark.parametrize("stamp", ["soon", float("inf"), 10**18, None, [1]])
def test_a_broken_timestamp_means_today(stamp: Any) -> None:
    assert isinstance(day_of(Message({"metadata": {"timestamp": stamp}})), date)
