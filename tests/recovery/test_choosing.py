"""What a reply picks: an option, a place in a list, yes or no, a rating."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.choosing import (
    choose_option,
    confirms,
    other_than,
    picks_by_name,
    place_in,
    ruled_out,
    says_its_name,
    says_no,
    says_yes,
    wishes,
)
from recovery.heard import TriggerHeard
from recovery.state import Option
from recovery.surveys import rating_in
from recovery.words import ChallengeType, DialogueAct, Remedy, Trigger
from tests.recovery.builders import REFUND, REPLACEMENT, VOUCHER, said

SHOWN = (REFUND, VOUCHER)
ACTS = st.sampled_from(DialogueAct)
INFORM, DENY, AFFIRM = DialogueAct.INFORM, DialogueAct.DENY, DialogueAct.AFFIRM


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("refund then", INFORM),
        ("no I want a refund", DENY),
        ("a refund, not a voucher", INFORM),
        ("I'd rather have a refund than a voucher", INFORM),
        ("I don’t want a voucher but a refund", DialogueAct.REJECT_OFFER),
        ("my money back instead of a voucher please", INFORM),
        ("I never asked for a voucher, refund me", DENY),
        ("the first one", DialogueAct.ACCEPT_OFFER),
        ("option one please", INFORM),
        ("1", INFORM),
        ("whichever is easier", INFORM),
    ],
)
def test_a_reply_picks_the_refund(text: str, act: DialogueAct) -> None:
    assert choose_option(SHOWN, said(text, act)) == REFUND


@pytest.mark.parametrize(
    "text",
    ["the voucher isnt enough tbh", "a voucher is no use to me", "vouchers are useless", "voucher really won’t do"],
)
def test_an_option_found_wanting_is_not_picked(text: str) -> None:
    assert choose_option(SHOWN, said(text, DialogueAct.REJECT_OFFER)) is None


def test_an_option_beside_one_that_is_not_wanted_is_picked() -> None:
    assert choose_option(SHOWN, said("a refund not a voucher", INFORM)) == REFUND


@pytest.mark.parametrize("text", ["2", "the second one", "No. 2", "the latter", "the last one please", "number two"])
def test_a_reply_picks_the_second_by_its_place(text: str) -> None:
    assert choose_option(SHOWN, said(text)) == VOUCHER


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("one second please", INFORM),
        ("just a second", INFORM),
        ("this is the second time", INFORM),
        ("for the last time I said no", DENY),
        ("not the second one", DENY),
        ("3", INFORM),
        ("the third one", DialogueAct.ACCEPT_OFFER),
        ("not a voucher", DialogueAct.REJECT_OFFER),
        ("I do not want to wait for a refund", DENY),
        ("I have been waiting for two weeks for this", INFORM),
        ("refund or voucher", INFORM),
        ("is the refund quick", DialogueAct.ASK_INFO),
        ("yes", AFFIRM),
        ("", INFORM),
    ],
)
def test_a_reply_that_picks_nothing_surely_picks_nothing(text: str, act: DialogueAct) -> None:
    assert choose_option(SHOWN, said(text, act)) is None


def test_a_yes_picks_the_only_option_shown() -> None:
    assert choose_option((VOUCHER,), said("yes", AFFIRM)) == VOUCHER


def test_the_second_one_is_not_the_only_one() -> None:
    assert choose_option((VOUCHER,), said("the second one", DialogueAct.ACCEPT_OFFER)) is None


def test_an_option_that_is_not_shown_yet_is_picked_by_its_name_only() -> None:
    assert choose_option(SHOWN, said("just replace it"), others=(REPLACEMENT,)) == REPLACEMENT
    assert choose_option(SHOWN, said("3"), others=(REPLACEMENT,)) is None


def test_the_option_that_is_named_best_is_picked_even_when_it_is_not_shown_yet() -> None:
    keep = replace(VOUCHER, words=("keep", "money off"))
    assert choose_option((REFUND,), said("keep it with some money off"), others=(keep,)) == keep


def test_of_two_named_alike_the_one_that_is_shown_is_meant() -> None:
    part = replace(VOUCHER, words=("refund",))
    assert choose_option((REFUND,), said("refund then"), others=(part,)) == REFUND


def test_a_click_picks_what_it_carries_whatever_its_title_says() -> None:
    click = said("A £10 voucher", DialogueAct.ACCEPT_OFFER, choice=f"option:{REFUND.id}")
    assert choose_option(SHOWN, click) == REFUND


@pytest.mark.parametrize("choice", ["rating:2", "order:10482", "yes", "option:refund:1", "option:"])
def test_a_click_on_something_else_picks_no_option(choice: str) -> None:
    assert choose_option(SHOWN, said("2", INFORM, choice=choice)) is None


@given(st.text(max_size=200), ACTS, st.text(max_size=20))
def test_whatever_is_written_the_pick_is_one_of_the_options(text: str, act: DialogueAct, choice: str) -> None:
    for choice_made in ("", choice):
        assert choose_option(SHOWN, said(text, act, choice=choice_made)) in (None, *SHOWN)


RULING_OUT = [
    "not a {}",
    "no {}",
    "I don't want the {}",
    "I do not want a {}",
    "no more {}",
    "dont you dare offer me a {}",
    "don't even try a {}",
    "you can shove your {}",
    "spare me the {}",
]


@pytest.mark.parametrize("pattern", RULING_OUT)
def test_a_remedy_that_is_ruled_out_is_never_picked(pattern: str) -> None:
    reply = said(pattern.format("voucher"), INFORM)
    assert ruled_out(VOUCHER, reply)
    assert choose_option(SHOWN, reply) != VOUCHER


@given(st.integers(0, 4), st.sampled_from(["{}", "option {}", "number {}", "#{}", "{} please"]))
def test_a_place_is_never_beyond_what_was_listed(listed: int, pattern: str) -> None:
    for number in range(10):
        place = place_in(said(pattern.format(number)), listed)
        assert place is None or place == number - 1 < listed


def test_the_other_one_of_two_is_the_other() -> None:
    assert other_than(REFUND, SHOWN, said("no, the other one", DENY)) == VOUCHER
    assert other_than(REFUND, (*SHOWN, REPLACEMENT), said("no, the other one", DENY)) is None


def test_a_click_answers_only_the_question_it_stood_under() -> None:
    click = said("Yes, please book it", AFFIRM, choice=f"yes:{VOUCHER.id}")
    assert confirms(VOUCHER, click)
    assert not confirms(REFUND, click)
    assert not says_yes(click)


@pytest.mark.parametrize("text", ["yes but can it come tomorrow", "ok, only if it is free", "yes?"])
def test_a_yes_with_a_but_confirms_nothing(text: str) -> None:
    assert not confirms(REFUND, said(text, AFFIRM))


@pytest.mark.parametrize("text", ["yes", "go ahead", "Yes, please book it"])
def test_a_plain_yes_confirms(text: str) -> None:
    assert confirms(REFUND, said(text, AFFIRM))


@given(st.text(max_size=60), ACTS, st.sampled_from(["", "yes", "no", "rating:1", "option:x"]))
def test_nothing_is_both_yes_and_no(text: str, act: DialogueAct, choice: str) -> None:
    heard = said(text, act, choice=choice)
    assert not (says_yes(heard) and says_no(heard))


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("5", 5),
        ("1!!", 1),
        ("one", 1),
        ("4/5", 4),
        ("4 out of 5", 4),
        ("four out of five", 4),
        ("4 stars", 4),
        ("I'd give it a 4", 4),
        ("it’s a 3 from me", 3),
        ("5 - brilliant", 5),
        ("1 because you were slow", 1),
    ],
)
def test_a_rating_is_read(text: str, rating: int) -> None:
    assert rating_in(said(text)) == rating


@pytest.mark.parametrize(
    "text",
    [
        "8/10",
        "4/10",
        "4 out of ten",
        "0",
        "6",
        "4.5",
        "no one helped me",
        "2 lamps missing",
        "I ordered 2 lamps",
        "£5 voucher",
        "1 or 2",
        "order 10482",
        "45",
        "1" + " and more" * 20,
        "",
    ],
)
def test_a_number_that_is_no_rating_is_not_taken_for_one(text: str) -> None:
    assert rating_in(said(text)) is None


def test_a_click_on_an_option_is_no_rating() -> None:
    assert rating_in(said("5", choice="option:voucher:500")) is None


@given(st.text(max_size=200), st.text(max_size=12))
def test_a_rating_is_from_one_to_five_or_none(text: str, choice: str) -> None:
    assert rating_in(said(text, choice=choice)) in (None, 1, 2, 3, 4, 5)


@given(st.integers())
def test_a_rating_button_counts_from_one_to_five(number: int) -> None:
    expected = number if 1 <= number <= 5 else None
    assert rating_in(said(str(number), choice=f"rating:{number}")) == expected


CALL_OR_LETTER = (
    Option(
        Remedy.MANAGER_APOLOGY,
        0,
        "A manager looks into it and writes to you",
        "",
        "c",
        ("manager", "letter", "write"),
    ),
    Option(Remedy.CALLBACK, 0, "A call from a manager by tomorrow", "", "c", ("call", "phone", "ring")),
)
MEND_OR_MONEY = (
    Option(Remedy.REPAIR_VISIT, 0, "A visit to mend it, at no cost", "", "f", ("repair", "mend", "visit")),
    Option(Remedy.REFUND, 12900, "A full refund, £129", "", "f", ("refund", "money")),
)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("a call from a manager please", Remedy.CALLBACK),
        ("give me a call please", Remedy.CALLBACK),
        ("please send someone to mend it", Remedy.REPAIR_VISIT),
        ("a refund please", Remedy.REFUND),
    ],
)
def test_what_sounds_like_asking_for_a_person_may_be_what_is_on_offer(text: str, remedy: Remedy) -> None:
    asked = replace(said(text, DialogueAct.REQUEST_HUMAN), triggers=(TriggerHeard(Trigger.HUMAN_REQUEST, (text,)),))
    offered = CALL_OR_LETTER if remedy is Remedy.CALLBACK else MEND_OR_MONEY
    assert picks_by_name(offered, asked)
    assert choose_option(offered, asked).remedy is remedy  # type: ignore[union-attr]


def test_money_back_that_is_on_offer_is_a_pick_and_no_late_refund() -> None:
    wants = replace(
        said("I'd like my money back", DialogueAct.REPORT_PROBLEM), challenges=(ChallengeType.REFUND_DELAY,)
    )
    assert picks_by_name(MEND_OR_MONEY, wants)
    assert not picks_by_name(MEND_OR_MONEY[:1], wants)
    late = replace(wants, text="my refund from last month has not come")
    assert not picks_by_name(MEND_OR_MONEY, late)


def test_money_off_a_bill_that_is_on_offer_is_a_pick_and_no_wrong_charge() -> None:
    credit = Option(Remedy.SERVICE_CREDIT, 1800, "£18 off your next bill", "£18 off", "r", ("credit", "bill"))
    wants = replace(
        said("money off my next bill please", DialogueAct.REPORT_PROBLEM), challenges=(ChallengeType.BILLING_ERROR,)
    )
    assert picks_by_name((credit, *CALL_OR_LETTER), wants)
    assert not picks_by_name(CALL_OR_LETTER, wants)
    assert not picks_by_name((credit,), replace(wants, text="there's an extra charge on my bill"))


def test_nothing_but_its_name_picks_an_option_unless_it_is_asked() -> None:
    name, asked = "Full refund, please", "A full refund?"
    assert says_its_name(MEND_OR_MONEY, said(name, DialogueAct.ASK_INFO))
    assert not says_its_name(MEND_OR_MONEY, said(asked, DialogueAct.ASK_INFO))
    assert not says_its_name(MEND_OR_MONEY, said("full refund how long", DialogueAct.ASK_INFO))


def test_a_wish_is_told_from_a_question() -> None:
    assert wishes(said("a visit to mend it please", DialogueAct.ASK_STATUS))
    assert not wishes(said("when is the visit, please", DialogueAct.ASK_STATUS))
    assert not wishes(said("a visit, please?", DialogueAct.ASK_INFO))
