"""What the words of a reply do, whoever wrote them."""

from pathlib import Path

import pytest

from recovery import lexicon
from recovery.lexicon import Strength
from recovery.words import ChallengeType
from redress.playbook.responses import read_responses

ABSENT, GENERAL, SPECIFIC = Strength
KETTLE = lexicon.about(["my copper kettle is late"], [ChallengeType.LATE_DELIVERY])


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("I'm sorry your kettle is late.", SPECIFIC),
        ("You waited a week for it. I'm sorry.", SPECIFIC),
        ("We apologise for leaving you without news for a week.", SPECIFIC),
        ("I'm sorry to hear that.", GENERAL),
        ("Sorry! Can I have your order number?", GENERAL),
        ("We apologise for any inconvenience.", GENERAL),
        ("Sorry, but we can't refund it.", GENERAL),
        ("Your kettle is late.", ABSENT),
    ],
)
def test_an_apology_is_worth_what_it_names(text: str, strength: Strength) -> None:
    assert lexicon.apology(text, KETTLE) is strength


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("Thank you for telling us.", SPECIFIC),
        ("The photo helps, thank you.", SPECIFIC),
        ("Thanks for contacting us.", GENERAL),
        ("Thank you!", GENERAL),
        ("Hello.", ABSENT),
    ],
)
def test_thanks_are_for_something(text: str, strength: Strength) -> None:
    assert lexicon.thanks(text) is strength


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("A strike closed the depot.", SPECIFIC),
        ("We don’t know yet what held it up.", SPECIFIC),
        ("Our system took the payment twice.", SPECIFIC),
        ("We are having technical issues.", GENERAL),
        ("Was there a strike?", ABSENT),
        ("The driver will be with you on Monday.", ABSENT),
    ],
)
def test_an_explanation_can_be_checked_or_is_honest(text: str, strength: Strength) -> None:
    assert lexicon.explanation(text) is strength


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("I've refunded £45.", SPECIFIC),
        ("A new one is with you tomorrow, and a replacement filter too.", SPECIFIC),
        ("I can send you another one.", GENERAL),
        ("We cannot give you a refund.", ABSENT),
        ("Have you asked the shop for a refund today?", ABSENT),
        ("Refunds take up to 10 working days.", ABSENT),
        ("Your late refund annoys me too.", ABSENT),
    ],
)
def test_a_remedy_is_worth_its_amount_or_its_date(text: str, strength: Strength) -> None:
    assert lexicon.remedy(text) is strength


def test_what_comes_together_is_no_choice_and_what_stands_apart_is() -> None:
    assert lexicon.offers_choice("I can refund it or send a new one.")
    assert lexicon.offers_choice("1. A full refund\n2. A replacement")
    assert not lexicon.offers_choice("I'll collect it and refund it.")
    assert not lexicon.offers_choice("Would you like tea or coffee?")


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("I'll call you tomorrow at 10am.", SPECIFIC),
        ("Which would you like?", SPECIFIC),
        ("I'll look into it.", GENERAL),
        ("Is that all right?", GENERAL),
        ("It was a strike.", ABSENT),
    ],
)
def test_a_next_step_has_a_time_or_a_choice(text: str, strength: Strength) -> None:
    assert lexicon.next_step(text) is strength


def test_what_went_before_is_taken_up_in_words() -> None:
    assert lexicon.looks_back("You told us on 3 Nov, and we didn't sort it out.")
    assert lexicon.looks_back("This isn’t the first time.")
    assert not lexicon.looks_back("Did you call us last week?")
    assert not lexicon.looks_back("I'm on it.")


def test_a_handover_is_known_by_its_words() -> None:
    assert lexicon.hands_over("I'll connect you with a colleague.")
    assert not lexicon.hands_over("The driver hands it to you.")


def test_it_is_seen_which_detail_is_asked_for() -> None:
    assert lexicon.asks_for("What is your order number?") == {"order_number"}
    assert lexicon.asks_for("Your email address, please.") == {"email"}
    assert not lexicon.asks_for("I have your order number.")


FACTS = {
    "order": "10012", "item": "copper kettle", "promised": "16 Nov", "late": "3 days", "problem": "late delivery",
    "name": "Maya", "earlier": "3 Nov", "cause": "A strike closed the depot on 18 Nov.", "event_day": "18 Nov",
    "incident": "A strike holds up parcels.", "courier": "SwiftShip", "region": "Leeds", "since": "3 Nov",
    "options": "1. Priority delivery, plus a voucher for £6\n2. A full refund", "company": "Harbour & Pine",
}  # fmt: skip
STEPS = {
    "utter_apologise_": lambda text, c: lexicon.apology(text, lexicon.about(["my copper kettle"], c)),
    "utter_thank": lambda text, _: lexicon.thanks(text),
    "utter_explain": lambda text, _: lexicon.explanation(text),
    "utter_offer": lambda text, _: lexicon.remedy(text),
    "utter_hand_over_": lambda text, _: Strength(2 * lexicon.hands_over(text)),
}


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return name


@pytest.mark.parametrize("start", STEPS)
def test_what_the_writers_of_the_bots_words_meant_is_read_in_them(start: str) -> None:
    challenges = {f"utter_apologise_{c}": [c] for c in ChallengeType}
    responses = read_responses(Path(__file__).parents[2] / "data" / "responses").wordings
    read = [
        STEPS[start](variant.text.format_map(_Facts(FACTS)), challenges.get(name, []))
        for name, variants in responses.items()
        if name == start.rstrip("_") or name.startswith(f"{start.rstrip('_')}_")
        for variant in variants
    ]
    assert len(read) > 3
    assert sum(strength is SPECIFIC for strength in read) >= 0.9 * len(read)


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("£199 reaches your card by Thursday.", SPECIFIC),
        ("The money is yours, and you shouldn't have to chase it.", ABSENT),
    ],
)
def test_what_a_customer_had_to_do_is_no_remedy_and_money_on_its_way_is_one(text: str, strength: Strength) -> None:
    assert lexicon.remedy(text) is strength


def test_asking_for_a_number_is_no_choice_to_make() -> None:
    assert lexicon.next_step("Which order number is it?") is GENERAL
    assert lexicon.next_step("Which of the two would you like?") is SPECIFIC
