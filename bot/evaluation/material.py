"""What is measured on: the training messages, sets of messages that nobody trained on, and whole conversations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from bot.home import CHECKOUT
from bot.nlu.course import CUSTOMER, LOOKED_BACK
from bot.scores import read_messages

HEADS = ("acts", "challenges", "levels", "triggers")
NONE = "none"  # stands for no label where a pipeline must name one
NLU = CHECKOUT / "data" / "nlu"
SETS = CHECKOUT / "tests" / "nlu"
HIDDEN = "test"  # the set whose messages are never shown: what is read is soon trained for


@dataclass(frozen=True)
class LabelledSet:
    """Messages with their true labels: {"id", "text", "dialogue_act", "challenges", "frustration", "triggers"}."""

    name: str
    messages: list[dict[str, Any]]

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages]

    @property
    def shown(self) -> bool:
        return not self.name.startswith(HIDDEN)

    def hash(self) -> str:
        content = json.dumps(self.messages, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def message_sets(folder: Path = SETS) -> list[LabelledSet]:
    """Every development set together as `dev`, and the test set."""
    parts = [path for path in sorted(folder.glob("dev*.jsonl")) if "conversation" not in path.name]
    dev = [message for path in parts for message in read_messages(path)]
    return [LabelledSet("dev", dev), LabelledSet(HIDDEN, read_messages(folder / "test.jsonl"))]


def conversation_sets(folder: Path = SETS) -> dict[str, list[dict[str, Any]]]:
    """Every development set together as `dev`, and `test`, whose conversations are never shown."""
    dev = [told for path in sorted(folder.glob("conversations-dev*.jsonl")) for told in read_messages(path)]
    return {"dev": dev, HIDDEN: read_messages(folder / "conversations.jsonl")}


class Asked(NamedTuple):
    """A text to be understood, and the turns before it."""

    text: str
    before: Sequence[dict[str, Any]] = ()


def customer_turns(conversations: list[dict[str, Any]]) -> list[Asked]:
    """What customers say, in order."""
    numbered = [(c["turns"], place) for c in conversations for place in range(len(c["turns"]))]
    return [
        Asked(turns[i]["text"], turns[max(0, i - LOOKED_BACK) : i]) for turns, i in numbered if turns[i]["who"] == CUSTOMER
    ]


def training_set(folder: Path = NLU) -> LabelledSet:
    """The training messages in the shape of a labelled set, so that they can be measured out of fold."""
    yaml, found = YAML(typ="safe"), []
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.load(path)["nlu"]:
            found += [{"text": e["text"], "dialogue_act": block["intent"], **e["metadata"]} for e in block["examples"]]
    return LabelledSet("training", [{"id": f"n{i}", **message} for i, message in enumerate(found)])


def labels_of(head: str, message: dict[str, Any]) -> tuple[str, ...]:
    """A message's true labels for a head, as words; () where a head of several labels has none."""
    if head == "acts":
        return (message["dialogue_act"],)
    if head == "levels":
        return (str(message["frustration"]),)
    return tuple(message[head])
