"""The words: by tone, by what is known, and never the same twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.wording import UnknownResponse, Variant, Wording, in_one, tone_of
from recovery.decision import Part
from recovery.state import Mood
from recovery.words import RecoveryStep

SORRY = Part("utter_apologise", {"item": "kettle", "days": ""}, RecoveryStep.APOLOGISE)
HELLO = Part("utter_greet")


def wording(*variants: Variant) -> Wording:
    return Wording({"utter_apologise": variants, "utter_greet": variants})


@pytest.mark.parametrize(
    ("score", "tone"), [(0.0, "calm"), (0.4, "calm"), (1.0, "upset"), (2.0, "upset"), (2.5, "furious")]
)
def test_tone_follows_frustration(score: float, tone: str) -> None:
    assert tone_of(Mood(score=score)) == tone


def test_a_wording_of_this_tone_comes_before_one_for_any() -> None:
    words = wording(Variant("a", "any"), Variant("u", "upset", tone="upset"))
    said = words.say(HELLO, "upset", (), "m1")
    assert said is not None
    assert said.variant == "u"
    calm = words.say(HELLO, "calm", (), "m1")
    assert calm is not None
    assert calm.variant == "a"


def test_a_wording_needs_its_facts() -> None:
    words = wording(Variant("plain", "Sorry."), Variant("days", "Sorry, {days} late.", needs=("days",)))
    said = words.say(SORRY, "calm", (), "m1")
    assert said is not None
    assert said.text == "Sorry."


def test_a_wording_that_says_more_of_what_is_known_is_preferred() -> None:
    words = wording(Variant("plain", "Sorry."), Variant("item", "Sorry about the {item}.", needs=("item",)))
    said = words.say(SORRY, "calm", (), "m1")
    assert said is not None
    assert said.text == "Sorry about the kettle."


def test_an_apology_whose_every_wording_was_used_is_left_out() -> None:
    assert wording(Variant("a", "Sorry.")).say(SORRY, "calm", ("a",), "m1") is None


def test_who_is_furious_hears_milder_words_before_the_same_again_but_no_second_apology() -> None:
    words = wording(Variant("f", "F.", "furious"), Variant("u", "U.", "upset"), Variant("c", "C.", "calm"))
    said = list[str]()
    for _ in range(4):
        worded = words.say(HELLO, "furious", said, "m1")
        assert worded is not None
        said.append(worded.variant)
    assert said == ["f", "u", "c", "f"]
    assert words.say(SORRY, "furious", ("f",), "m1") is None


def test_a_wording_that_shares_a_sentence_with_one_that_was_said_is_none_to_say_again() -> None:
    words = wording(
        Variant("first", "I can't do that. Which would you like?"),
        Variant("like", "Not that one. Which would you like?"),
        Variant("other", "Pick one of these."),
    )
    said = words.say(HELLO, "calm", ("first",), "m1")
    assert said is not None
    assert said.variant == "other"
    last = words.say(HELLO, "calm", ("first", "other"), "m1")
    assert last is not None
    assert last.variant == "like"  # better than one that was said whole


def test_of_words_that_were_all_used_the_one_used_longest_ago_is_said() -> None:
    words = wording(Variant("a", "Hello."), Variant("b", "Hi."))
    said = words.say(HELLO, "calm", ("a", "b", "a"), "m1")
    assert said is not None
    assert said.variant == "b"


def test_a_response_that_nobody_wrote_is_an_error_with_its_name() -> None:
    with pytest.raises(UnknownResponse, match="utter_nothing"):
        wording().say(Part("utter_nothing"), "calm", (), "m1")


def test_a_plain_text_needs_no_conversation() -> None:
    assert (
        wording(Variant("a", "{agent} is here.", needs=("agent",))).plain("utter_greet", agent="Ann")
        == "Ann is here."
    )


@given(st.text(), st.integers(2, 5), st.lists(st.integers(0, 4), max_size=12))
def test_the_same_message_gets_the_same_words_and_a_fresh_one_while_there_is_one(
    seed: str, count: int, used: list[int]
) -> None:
    words = wording(*(Variant(f"v{n}", f"text {n}") for n in range(count)))
    said = tuple(f"v{n}" for n in used)
    one = words.say(HELLO, "calm", said, seed)
    assert one == words.say(HELLO, "calm", said, seed)
    assert one is not None
    if len(set(said) & {f"v{n}" for n in range(count)}) < count:
        assert one.variant not in said


@given(st.text(alphabet="{}abc ", max_size=20))
def test_what_a_fact_holds_is_never_read_as_a_template(value: str) -> None:
    said = wording(Variant("a", "About {item}.")).say(Part("utter_greet", {"item": value}), "calm", (), "m1")
    assert said is not None
    assert said.text == f"About {value}."


def test_what_follows_a_list_begins_a_line_of_its_own() -> None:
    assert in_one(["Pick one. ", "1. A swap\n2. A refund", "Or say person."]) == (
        "Pick one. 1. A swap\n2. A refund\nOr say person."
    )
