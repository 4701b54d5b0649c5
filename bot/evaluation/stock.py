"""The stock Rasa pipeline's answers: one stock model for each head, trained on the same messages.

A head of several labels joins them by Rasa's own multi-intent "+"; "none" stands for no label; a frustration level is an
intent. Models and what they answered are kept by a hash of the examples and the settings, so that a second run asks
only what is new.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.evaluation import stock_pipeline
from bot.evaluation.answers import LABELS, Chances, result
from bot.evaluation.material import HEADS, NONE, LabelledSet, labels_of
from bot.evaluation.stock_pipeline import FALLBACK, JOINT
from bot.home import CHECKOUT, home

EPOCHS = 5  # from here on more epochs gain little; docs/evaluation.md has the figures
TIMED = 100
AT_ONCE = 2  # models in training, of about 3 GB each
Ranking = list[tuple[str, float]]


@dataclass(frozen=True)
class StockModel:
    """One head's model: trained at most once for the same examples and settings."""

    head: str
    examples: list[tuple[str, str]]
    epochs: int

    @property
    def key(self) -> str:
        content = json.dumps([self.examples, stock_pipeline.config(self.epochs)])
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @property
    def folder(self) -> Path:
        return home() / "cache" / "stock"

    def ask(self, texts: list[str]) -> dict[str, dict[str, Any]]:
        """{text: {"ranking", "fallback"}} of these texts, and of those that it was asked before."""
        kept = self.folder / f"{self.key}.json"
        known: dict[str, dict[str, Any]] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            told = self._run({"texts": new, "timed": []})
            rows = zip(new, told["rankings"], told["fallback"])
            known |= {text: {"ranking": ranking, "fallback": fallback} for text, ranking, fallback in rows}
            kept.write_text(json.dumps(known), encoding="utf-8")
        return known

    def time(self, texts: list[str]) -> list[float]:
        """The seconds that each takes, once warm."""
        return self._run({"texts": [], "timed": texts})["seconds"]

    def _run(self, questions: dict[str, Any]) -> dict[str, Any]:
        self.folder.mkdir(parents=True, exist_ok=True)
        model = self.folder / f"{self.key}.tar.gz"
        job = {"examples": self.examples, "epochs": self.epochs, "model": str(model), **questions}
        doing = "asked" if model.exists() else f"trained on {len(self.examples)} messages, {self.epochs} epochs"
        print(f"Stock pipeline, {self.head}: {doing} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as scratch:
            order, answer = Path(scratch) / "job.json", Path(scratch) / "answer.json"
            order.write_text(json.dumps(job), encoding="utf-8")
            command = [sys.executable, "-m", "bot.evaluation.stock_pipeline", str(order), str(answer)]
            subprocess.run(command, cwd=CHECKOUT, env=_environment(), check=True, stdout=subprocess.DEVNULL)
            return json.loads(answer.read_text("utf-8"))


def _environment() -> dict[str, str]:
    """One thread, as ours has when it serves; its progress shows."""
    threads = {"TF_INTRA_OP_PARALLELISM_THREADS": "1", "TF_INTER_OP_PARALLELISM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONWARNINGS": "ignore"}
    inherited = {name: value for name, value in os.environ.items() if name != "TQDM_DISABLE"}
    return {**inherited, **threads, **quiet, "RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0"}


def joined(head: str, message: dict[str, Any]) -> str:
    """A message's labels for a head as one intent."""
    return JOINT.join(sorted(labels_of(head, message))) or NONE


def parted(intent: str) -> list[str]:
    return [] if intent == NONE else intent.split(JOINT)


def best(asked: dict[str, Any]) -> list[str]:
    """What the model would say if it had to: the first guess, also where it would rather ask again."""
    guesses = [name for name, _ in asked["ranking"] if name != FALLBACK]
    return parted(guesses[0]) if guesses else []


def spread(head: str, ranking: Ranking) -> list[float]:
    """The chance of each label: of all the intents of the ranking that name it, together."""
    totals = dict.fromkeys(LABELS[head], 0.0)
    for name, confidence in ranking:
        for label in parted(name) if name != FALLBACK else []:
            totals[label] += confidence
    return [min(total, 1.0) for total in totals.values()]


def answer(asked: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The four models' answers as one: first guesses, and unclear where the model of the acts would ask again."""
    act = (best(asked["acts"]) or ["out_of_scope"])[0]
    unclear = "out_of_scope" if act == "out_of_scope" or asked["acts"]["fallback"] else None
    level = int((best(asked["levels"]) or ["0"])[0])
    return result(act, best(asked["challenges"]), level, best(asked["triggers"]), unclear)


def models(training: LabelledSet, epochs: int) -> dict[str, StockModel]:
    examples = {head: [(m["text"].lstrip("/ "), joined(head, m)) for m in training.messages] for head in HEADS}
    return {head: StockModel(head, examples[head], epochs) for head in HEADS}


def answers(training: LabelledSet, texts: list[str], epochs: int) -> tuple[list[dict[str, Any]], Chances, list[float]]:
    """Its answer to every text, the chances behind them, and how long a parse of one head takes."""
    trained = models(training, epochs)
    with ThreadPoolExecutor(AT_ONCE) as pool:  # each is a process of one thread
        asked = dict(zip(trained, pool.map(lambda model: model.ask(texts), trained.values())))
    seconds = trained["acts"].time(texts[: TIMED + stock_pipeline.WARM_UP])
    told = [answer({head: asked[head][text] for head in HEADS}) for text in texts]
    chances = {head: [spread(head, asked[head][text]["ranking"]) for text in texts] for head in HEADS}
    levels = np.array(chances["levels"])
    at_least = np.stack([levels[:, level:].sum(axis=1) for level in (1, 2, 3)], axis=1)
    return told, {**chances, "levels": at_least.clip(0, 1).tolist()}, seconds
