"""The training messages: enough of each kind, rightly labelled, none twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.labels import ACTS, CHALLENGES, LEVELS, TRIGGERS
from bot.nlu.unclear import why_unclear

FOLDER = Path(__file__).resolve().parents[2] / "data" / "nlu"
TOO_ALIKE = 0.86  # cosine of character n-grams
COMMON = 0.02  # the share of messages that makes a piece of a word say little
SAMPLE = 1000  # messages, for what is measured as a median
LONG_ENOUGH = 5  # words; "no thanks" and "no, thanks" may stand side by side


@pytest.fixture(scope="module")
def examples() -> list[dict[str, Any]]:
    yaml = YAML(typ="safe")
    found = []
    for path in sorted(FOLDER.glob("*.yml")):
        for block in yaml.load(path)["nlu"]:
            found += [{"intent": block["intent"], **example} for example in block["examples"]]
    return found


def labels(examples: list[dict[str, Any]], name: str) -> Counter[Any]:
    return Counter(label for example in examples for label in example["metadata"][name])


def test_there_are_forty_messages_for_each_dialogue_act(examples: list[dict[str, Any]]) -> None:
    counts = Counter(example["intent"] for example in examples)
    assert {act: counts[act] for act in ACTS if counts[act] < 40} == {}


def test_there_are_sixty_messages_for_each_challenge_type(examples: list[dict[str, Any]]) -> None:
    counts = labels(examples, "challenges")
    assert {name: counts[name] for name in CHALLENGES if counts[name] < 60} == {}


def test_there_are_two_hundred_messages_for_each_frustration_level(examples: list[dict[str, Any]]) -> None:
    counts = Counter(example["metadata"]["frustration"] for example in examples)
    assert {level: counts[level] for level in LEVELS if counts[level] < 200} == {}


def test_there_are_forty_messages_for_each_trigger(examples: list[dict[str, Any]]) -> None:
    counts = labels(examples, "triggers")
    assert {name: counts[name] for name in TRIGGERS if counts[name] < 40} == {}


def test_every_label_is_one_of_the_guides(examples: list[dict[str, Any]]) -> None:
    used = set(labels(examples, "challenges")) | set(labels(examples, "triggers")) | {e["intent"] for e in examples}
    assert used <= {*CHALLENGES, *TRIGGERS, *ACTS}


def test_nothing_that_people_write_about_their_trouble_is_taken_for_noise(examples: list[dict[str, Any]]) -> None:
    within = [e["text"] for e in examples if e["intent"] != "out_of_scope"]
    assert [text for text in within if why_unclear(text) in ("gibberish", "other_language")] == []


def test_every_message_carries_all_its_labels(examples: list[dict[str, Any]]) -> None:
    assert all(set(e["metadata"]) == {"challenges", "frustration", "triggers"} for e in examples)


def test_no_message_is_nearly_another(examples: list[dict[str, Any]]) -> None:
    texts = [e["text"] for e in examples if len(e["text"].split()) >= LONG_ENOUGH]
    rows = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True).fit_transform(texts)
    # What many messages share would make all of them neighbours: pairs that share rare pieces are looked at whole.
    rare = rows[:, rows.getnnz(axis=0) < COMMON * len(texts)]
    pairs = (rare @ rare.T).tocoo()
    worth_a_look = (pairs.row < pairs.col) & (pairs.data > TOO_ALIKE / 2)
    left, right = pairs.row[worth_a_look], pairs.col[worth_a_look]
    alike = np.asarray(rows[left].multiply(rows[right]).sum(axis=1)).ravel() > TOO_ALIKE
    assert [(texts[i], texts[j]) for i, j in zip(left[alike], right[alike])] == []


def test_messages_are_seldom_close_to_another(examples: list[dict[str, Any]]) -> None:
    texts = [e["text"] for e in examples if len(e["text"].split()) >= LONG_ENOUGH]
    rows = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    sample = np.random.default_rng(0).choice(len(texts), SAMPLE, replace=False)
    alike = (rows[sample] @ rows.T).toarray()
    alike[np.arange(SAMPLE), sample] = 0
    assert np.median(alike.max(axis=1)) < 0.4
