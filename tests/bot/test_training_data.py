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

FOLDER = Path(__file__).resolve().parents[2] / "data" / "nlu"
TOO_ALIKE = 0.86  # cosine of character n-grams
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


def test_every_message_carries_all_its_labels(examples: list[dict[str, Any]]) -> None:
    assert all(set(e["metadata"]) == {"challenges", "frustration", "triggers"} for e in examples)


def test_no_message_is_nearly_another(examples: list[dict[str, Any]]) -> None:
    texts = [e["text"] for e in examples if len(e["text"].split()) >= LONG_ENOUGH]
    rows = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True).fit_transform(texts)
    alike = (rows @ rows.T).tocoo()
    pairs = [(texts[i], texts[j]) for i, j, v in zip(alike.row, alike.col, alike.data) if i < j and v > TOO_ALIKE]
    assert pairs == []


def test_messages_are_seldom_close_to_another(examples: list[dict[str, Any]]) -> None:
    texts = [e["text"] for e in examples if len(e["text"].split()) >= LONG_ENOUGH]
    rows = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    alike = (rows @ rows.T).tolil()
    alike.setdiag(0)
    nearest = np.asarray(alike.tocsr().max(axis=1).todense()).ravel()
    assert np.median(nearest) < 0.4
