"""Where a conversation is going: what is looked at, what was learned from, and what comes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.before import before
from bot.nlu.course import LOOKED_BACK, Said, features
from bot.nlu.person_due import CONVERSATIONS
from bot.nlu.sentence_encoder import Encoding
from bot.understand import Parse, answer, load

HELD_OUT = Path(__file__).resolve().parents[1] / "nlu"
NOBODY = np.zeros((0, 384), np.float32)


def encode(text: str) -> Encoding:
    """Any text as numbers of its own; the same text as the same."""
    luck = np.random.default_rng(list(text.encode()))
    vector = luck.normal(size=384)
    return Encoding(vector / np.linalg.norm(vector), luck.normal(size=50), vector, NOBODY, NOBODY, ())


def row(text: str, *turns: Said) -> np.ndarray:
    return features(text, encode(text), turns, encode)


def test_only_the_latest_turns_count_however_long_a_conversation_is() -> None:
    turns = [Said(who, f"{who} {n}") for n in range(40) for who in ("customer", "bot")]
    assert np.array_equal(row("and now?", *turns), row("and now?", *turns[-LOOKED_BACK:]))


def test_a_bot_that_says_the_same_again_shows_and_so_does_what_is_answered() -> None:
    asked = Said("bot", "Which order is it?")
    once, again, otherwise = (
        row("10482", *turns, asked) for turns in ((), (asked,), (Said("bot", "Hello. How can I help?"),))
    )
    assert not np.array_equal(once, again)
    assert not np.array_equal(again, otherwise)
    assert not np.array_equal(once, row("10482", Said("bot", "What is broken?")))


@pytest.fixture(scope="module")
def parse(real_model: Path) -> Parse:
    return load(real_model)


def test_who_is_sent_round_in_circles_needs_a_person_sooner_than_who_asks_for_the_first_time(parse: Parse) -> None:
    asked = [
        {"who": "customer", "text": "my parcel never came"},
        {"who": "bot", "text": "Please tell me your order."},
    ]
    round_again = [*asked, {"who": "customer", "text": "10482, I said so twice"}, *asked[1:]]
    first = parse("my parcel never came")["person_due"]
    last = parse("this is the third time you ask, I give up", round_again)["person_due"]
    assert 0 <= first < 0.5 < last <= 1


@pytest.mark.parametrize("told", ["3", '"hello"', "[3]", '[{"who": "bot"}]', '[{"who": 1, "text": "hi"}]'])
def test_turns_that_are_none_are_told(told: str, parse: Parse) -> None:
    assert "turns" in answer(parse, f'{{"id": 1, "text": "hi", "before": {told}}}')["error"]


def test_what_was_said_before_is_told_in_turns_and_buttons_are_nobodys_words() -> None:
    events = [UserUttered("my vase is broken"), BotUttered("I'm sorry."), BotUttered("Which order?")]
    events += [UserUttered("/pick{}"), BotUttered("Thank you."), UserUttered("hello?")]
    tracker = DialogueStateTracker.from_events("c1", events)
    assert before(tracker) == [
        {"who": "customer", "text": "my vase is broken"},
        {"who": "bot", "text": "I'm sorry.\nWhich order?\nThank you."},
        {"who": "customer", "text": "hello?"},
    ]


def test_after_a_person_had_it_a_conversation_begins_anew() -> None:
    events = [UserUttered("get me a person"), BotUttered("Right away."), SlotSet("stage", "handed_over")]
    events += [SlotSet("stage", "open"), UserUttered("hello"), BotUttered("Hello again.")]
    told = before(DialogueStateTracker.from_events("c1", events))
    assert [turn["text"] for turn in told] == ["hello", "Hello again."]


@pytest.fixture(scope="module")
def conversations() -> list[dict[str, Any]]:
    return [told for file in sorted(CONVERSATIONS.glob("*.jsonl")) for told in lines(file)]


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_a_person_once_due_stays_due_until_one_comes(conversations: list[dict[str, Any]]) -> None:
    for told in conversations:
        due = False
        for turn in told["turns"]:
            assert turn["who"] in ("customer", "bot", "agent") and turn["text"].strip(), told["id"]
            if turn["who"] == "agent":
                break
            if turn["who"] == "customer":
                assert turn["person_due"] or not due, told["id"]
                due = turn["person_due"]


def test_there_are_many_conversations_that_need_a_person_and_many_that_do_not(
    conversations: list[dict[str, Any]],
) -> None:
    due = [any(turn.get("person_due") for turn in told["turns"]) for told in conversations]
    assert min(due.count(True), due.count(False)) >= 150
    assert len({told["id"] for told in conversations}) == len(conversations)


def test_no_conversation_that_is_measured_on_was_learned_from(conversations: list[dict[str, Any]]) -> None:
    def stories(told: list[dict[str, Any]]) -> set[tuple[str, ...]]:
        return {tuple(turn["text"] for turn in one["turns"] if turn["who"] == "customer") for one in told}

    held_out = [told for file in HELD_OUT.glob("conversations*.jsonl") for told in lines(file)]
    assert held_out and not stories(held_out) & stories(conversations)
