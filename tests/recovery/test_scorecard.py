"""The scorecard agrees with a person who read the same conversations, and says where each mark comes from."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from recovery.scorecard import Scorecard, scorecards
from recovery.scorecard_marks import Aspect, Mark
from recovery.scorecard_reading import Known, Speaker, Utterance
from recovery.words import RecoveryStep
from tests.recovery.talks import customer, ours

READ = yaml.safe_load(Path(__file__).with_name("second_reader.yml").read_text())
GIVEN = {"full": 100, "good": 80, "half": 50, "none": 0, "out": None}
LATE = customer(0, "my kettle is late", 1, ["late_delivery"])


def talk(read: dict[str, Any]) -> tuple[Utterance, ...]:
    said = [next(iter(turn.items())) for turn in read["turns"]]
    return tuple(
        customer(n, *told) if who == "customer" else ours(n, told, Speaker(who)) for n, (who, told) in enumerate(said)
    )


def mark(card: Scorecard, aspect: Aspect) -> Mark:
    return next(m for m in card.marks if m.aspect is aspect)


def marked(*messages: Utterance, known: Known | None = None) -> Scorecard:
    return scorecards(messages, known or Known())[0]


@pytest.mark.parametrize("read", READ, ids=[read["name"] for read in READ])
def test_a_second_reader_agrees(read: dict[str, Any]) -> None:
    cards = scorecards(talk(read), Known(read.get("first_name", "")))
    for of, expected in (("marks", read["marks"]), ("bot", read.get("bot")), ("agent", read.get("agent"))):
        card = next((c for c in cards if c.of == (None if of == "marks" else of)), None)
        if expected and card:
            found = {m.aspect.value: m.score for m in card.marks if m.aspect in expected}
            assert found == {aspect: GIVEN.get(given, given) for aspect, given in expected.items()}, of


def test_a_good_recovery_is_marked_far_above_a_bad_one() -> None:
    means = {read["name"]: marked(*talk(read), known=Known(read.get("first_name", ""))).mean for read in READ}
    assert means["a bot that does all of it for an annoyed customer"] == 100
    assert means["an agent with stock phrases for a furious customer"] < 20  # type: ignore[operator]


def test_each_speaker_has_a_card_where_both_wrote_and_the_whole_comes_first() -> None:
    both = (LATE, ours(1, "I'm sorry your kettle is late.", Speaker.BOT), ours(2, "Hello, Jo here."))
    assert [card.of for card in scorecards(both, Known())] == [None, Speaker.BOT, Speaker.AGENT]
    assert [card.of for card in scorecards(both[:2], Known())] == [None]


def test_marks_link_to_the_messages_that_earned_and_lost_them() -> None:
    card = marked(LATE, ours(1, "Hello."), ours(2, "I'm sorry your kettle is late! Thank you! 😀"))
    assert mark(card, Aspect.APOLOGISE).earned == ("2",)
    assert mark(card, Aspect.TONE).earned == ("1",)
    assert mark(card, Aspect.TONE).lost == ("2",)
    assert mark(card, Aspect.EXPLAIN).lost == ("1",)


def test_what_had_no_occasion_is_left_out_of_the_mean_and_says_so() -> None:
    card = marked(LATE, ours(1, "I'm sorry your kettle is late."))
    history = mark(card, Aspect.HISTORY)
    assert history.score is None
    assert "no earlier contact" in history.why
    scores = [m.score for m in card.marks if m.score is not None]
    assert card.mean == round(sum(scores) / len(scores))
    assert marked().mean is None


def test_a_recorded_step_counts_at_least_in_general() -> None:
    said = Utterance("1", Speaker.BOT, "Right.", steps=frozenset({RecoveryStep.THANK}))
    assert mark(marked(LATE, said), Aspect.THANK).score == 50


def test_alternatives_under_a_message_are_options_and_a_next_step() -> None:
    said = Utterance("1", Speaker.BOT, "I can do this:", offered=("A full refund, £45", "A new one tomorrow"))
    card = marked(LATE, said)
    assert {mark(card, a).score for a in (Aspect.RESOLVE, Aspect.OPTIONS, Aspect.NEXT_STEP)} == {100}


def test_what_a_handed_over_bot_could_not_do_is_not_held_against_it() -> None:
    card = marked(LATE, ours(1, "I'm sorry your kettle is late. Our care team takes over.", Speaker.BOT))
    assert {mark(card, a).score for a in (Aspect.THANK, Aspect.EXPLAIN, Aspect.RESOLVE, Aspect.OPTIONS)} == {None}


def test_a_failed_recovery_on_record_is_history_though_the_customer_does_not_say_so() -> None:
    known = Known(failed_before=True)
    assert mark(marked(LATE, ours(1, "Hello."), known=known), Aspect.HISTORY).score == 0
    took_up = ours(1, "You told us on 3 Nov, and we didn't sort it out.")
    assert mark(marked(LATE, took_up, known=known), Aspect.HISTORY).score == 100


@pytest.mark.parametrize(("level", "score"), [(0, 100), (1, 100), (2, 75), (3, 25)])
def test_the_same_words_suit_a_calm_customer_and_not_a_furious_one(level: int, score: int) -> None:
    text = "I'm sorry your kettle is late" + " and I will look" * 15 + "! Is it the copper one? Or the steel one?"
    card = marked(customer(0, "my kettle is late", level, ["late_delivery"]), ours(1, text))
    assert mark(card, Aspect.TONE).score == score


HEARD = ours(1, "I can see that your kettle is late, and I'm sorry for the wait.", Speaker.BOT)


@pytest.mark.parametrize(
    "corrects",
    [
        customer(2, "that's not what I said", act="complain_about_bot"),
        customer(2, "you've got it wrong", act="deny"),
        customer(2, "no, it came but it's broken", challenges=["damaged_item"]),
    ],
)
def test_what_the_customer_had_to_correct_shows_no_listening(corrects: Utterance) -> None:
    assert mark(marked(LATE, HEARD), Aspect.LISTEN).score == 100
    lost = mark(marked(LATE, HEARD, corrects, ours(3, "One moment, please.", Speaker.BOT)), Aspect.LISTEN)
    assert (lost.score, lost.earned, lost.lost) == (0, (), ("1",))


def test_what_is_heard_after_a_correction_is_worth_half() -> None:
    corrects = customer(2, "no, it came but it's broken", challenges=["damaged_item"])
    heard = ours(3, "I see now that your kettle came broken.", Speaker.BOT)
    card = mark(marked(LATE, HEARD, corrects, heard), Aspect.LISTEN)
    assert (card.score, card.earned, card.lost) == (50, ("3",), ("1",))


def test_a_correction_of_the_bot_is_not_the_agents() -> None:
    corrects = customer(2, "that's not what I said", act="complain_about_bot")
    agent = ours(3, "Jo here. I see that your kettle is late.")
    cards = {c.of: c for c in scorecards((LATE, HEARD, corrects, agent), Known())}
    assert mark(cards[Speaker.AGENT], Aspect.LISTEN).score == 100
    assert mark(cards[Speaker.BOT], Aspect.LISTEN).score == 0


@pytest.mark.parametrize("text", ["no, that one is fine", "I never had it", "no thanks", "it is not the first time"])
def test_a_no_that_tells_of_no_other_problem_corrects_nobody(text: str) -> None:
    assert mark(marked(LATE, HEARD, customer(2, text)), Aspect.LISTEN).score == 100


def test_one_more_problem_corrects_nobody() -> None:
    more = customer(2, "and the lamp is broken too", challenges=["damaged_item"])
    assert mark(marked(LATE, HEARD, more), Aspect.LISTEN).score == 100
