"""Our own pipeline's answers: live on messages that it does not know, and out of fold on its training messages."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import without_tensorflow

without_tensorflow.install()  # before the components below import Rasa

# ruff: noqa: E402
from bot.calibrate import calibrate
from bot.evaluation.answers import Chances
from bot.folds import stratified
from bot.nlu.acts import DialogueActs
from bot.nlu.calibration import Calibration
from bot.nlu.challenges import Challenges
from bot.nlu.frustration import Frustration
from bot.nlu.head import softmax
from bot.nlu.head_component import HeadComponent
from bot.nlu.labels import ACTS
from bot.nlu.result import result_of
from bot.nlu.triggers import Triggers
from bot.nlu.unclear import Unclear, pictures_only, why_unclear
from bot.out_of_fold import out_of_fold
from bot.scores import Scores, score_messages

FOLDS = 4
WARM_UP = 5
HEADS = {"acts": DialogueActs, "challenges": Challenges, "levels": Frustration, "triggers": Triggers}
SEVERAL = ("challenges", "levels", "triggers")  # heads that judge their labels one by one
Logits = dict[str, np.ndarray]  # by the name of the head
Calibrations = dict[str, Calibration]  # by the name of the head


def shipped() -> Calibrations:
    """The calibration that the product runs with."""
    return {head.name: Calibration.of(head.name, head.labels) for head in HEADS.values()}


def fitted(entries: dict[str, Any]) -> Calibrations:
    """What `bot.calibrate` found, as the components use it."""
    found = {}
    for head in HEADS.values():
        rows = [entries[head.name][label] for label in head.labels]
        columns = (np.array([row[key] for row in rows], float) for key in ("slope", "shift", "threshold"))
        found[head.name] = Calibration(*columns)
    return found


def chances_of(logits: Logits, texts: list[str], calibrations: Calibrations) -> dict[str, np.ndarray]:
    """By head, the calibrated chance of every label, as the components work it out from their raw scores."""
    acts = calibrations["acts"]
    chances = {"acts": softmax(acts.slope * logits["acts"] + acts.shift)}
    for name in SEVERAL:
        head = HEADS[name].name
        chances[name] = calibrations[head].probabilities(logits[head])
    chances["levels"] = np.minimum.accumulate(chances["levels"], axis=1)
    nothing_said = np.array([withdrawn(text) for text in texts])
    for values in chances.values():
        values[nothing_said] = 0.0
    chances["acts"][nothing_said, ACTS.index("out_of_scope")] = 1.0
    return chances


def withdrawn(text: str) -> bool:
    """Whether the last component takes back what the heads concluded; see `bot.nlu.unclear`."""
    reason = why_unclear(text)
    return reason in ("gibberish", "other_language") or bool(reason and not pictures_only(text))


def concluded(logits: Logits, texts: list[str], calibrations: Calibrations) -> list[dict[str, Any]]:
    """What the pipeline's own components say at these raw scores; without evidence, which only weights can give."""
    heads = [_without_evidence(head, calibrations[head.name]) for head in HEADS.values()]
    return [_through(heads, {name: rows[i] for name, rows in logits.items()}, text) for i, text in enumerate(texts)]


def _without_evidence(head: type[HeadComponent], calibration: Calibration) -> HeadComponent:
    component = head(None, None, None)
    component.calibration = calibration
    component._evidence = lambda *_: []
    return component


def _through(heads: list[HeadComponent], logits: Logits, text: str) -> dict[str, Any]:
    message = Message({TEXT: text})
    for head in heads:
        head.conclude(message, logits[head.name])
    Unclear().process([message])
    return result_of(message.as_dict(only_output_properties=True))


def cross_validated(folder: Path, texts: list[str]) -> tuple[list[dict[str, Any]], Chances]:
    """Answers to the training messages, each by heads, feature space, calibration and thresholds fitted without it.

    The encoder's adapted branch has seen them all, so it is left out: these are the light heads alone.
    """
    scores = out_of_fold(folder, FOLDS)
    fold = stratified(np.hstack(list(scores.truth.values())), FOLDS)
    answers: list[dict[str, Any]] = [{}] * len(texts)
    chances = {name: np.zeros(scores.logits[head.name].shape) for name, head in HEADS.items()}
    for held in range(FOLDS):
        inside, outside = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        calibrations = fitted(calibrate(_part(scores, inside)))
        part = [texts[i] for i in outside]
        logits = _part(scores, outside).logits
        for i, answer in zip(outside, concluded(logits, part, calibrations)):
            answers[i] = answer
        for name, values in chances_of(logits, part, calibrations).items():
            chances[name][outside] = values
    return answers, listed(chances)


def _part(scores: Scores, chosen: np.ndarray) -> Scores:
    parts = ({head: values[chosen] for head, values in table.items()} for table in (scores.logits, scores.truth))
    return Scores(*parts)


def live_chances(model: Path, messages: list[dict[str, Any]]) -> Chances:
    """The chances behind what a trained model answers."""
    logits = score_messages(model, messages).logits
    return listed(chances_of(logits, [message["text"] for message in messages], shipped()))


def listed(chances: dict[str, np.ndarray]) -> Chances:
    return {head: np.round(values, 4).tolist() for head, values in chances.items()}


def seconds(parse: Callable[[str], Any], texts: list[str]) -> list[float]:
    """How long each takes, one after another, once warm."""
    took = []
    for text in texts:
        started = time.perf_counter()
        parse(text)
        took.append(time.perf_counter() - started)
    return took[WARM_UP:]
