"""The stock Rasa pipeline for one head, in a process of its own: it needs the TensorFlow that ours does without.

    python -m bot.evaluation.stock_pipeline JOB OUT

JOB is JSON: {"examples": [[text, intent], …], "epochs", "model": file, "texts": […], "timed": […]}. Trains the model
unless its file is there, asks it about every text, and writes {"rankings": [[[intent, confidence], …], …],
"fallback": [true, …], "seconds": […]}.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.understand import quiet

JOINT = "+"  # Rasa's own sign between the intents of a multi-intent
WARM_UP = 5
FALLBACK = "nlu_fallback"


def config(epochs: int) -> dict[str, Any]:
    """What `rasa init` gives, without what nothing here would use (synonyms, response selection)."""
    return {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer", "intent_tokenization_flag": True, "intent_split_symbol": JOINT},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True, "random_seed": 0},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
    }


def train(job: dict[str, Any]) -> None:
    from rasa.model_training import train_nlu

    model, yaml = Path(job["model"]), YAML()
    by_intent: dict[str, list[dict[str, str]]] = {}
    for text, intent in job["examples"]:
        by_intent.setdefault(intent, []).append({"text": text})
    blocks = [{"intent": intent, "examples": examples} for intent, examples in by_intent.items()]
    with tempfile.TemporaryDirectory() as scratch:
        settings, data = Path(scratch) / "config.yml", Path(scratch) / "nlu.yml"
        yaml.dump(config(job["epochs"]), settings)
        yaml.dump({"version": "3.1", "nlu": blocks}, data)
        made = train_nlu(str(settings), str(data), scratch, fixed_model_name="model")
        if not made:
            raise SystemExit("Rasa trained no model.")
        model.parent.mkdir(parents=True, exist_ok=True)
        partial = model.with_suffix(".partial")
        partial.write_bytes(Path(made).read_bytes())
        partial.replace(model)  # whole or not at all


def answers(job: dict[str, Any]) -> dict[str, Any]:
    """What the model says of every text, and how long it takes for the timed ones."""
    from rasa.core.channels.channel import UserMessage
    from rasa.core.processor import MessageProcessor

    _, metadata, runner = MessageProcessor._load_model(job["model"])

    def parse(text: str) -> Any:
        inputs = {"__message__": [UserMessage(text.lstrip("/ "))], "__tracker__": None}
        return runner.run(inputs=inputs, targets=[metadata.nlu_target])[metadata.nlu_target][0]

    def timed(text: str) -> float:
        started = time.perf_counter()
        parse(text)
        return time.perf_counter() - started

    parsed = [parse(text) for text in job["texts"]]
    seconds = [timed(text) for text in job["timed"]][WARM_UP:]
    return {
        "rankings": [[[i["name"], i["confidence"]] for i in p.get("intent_ranking")] for p in parsed],
        "fallback": [p.get("intent")["name"] == FALLBACK for p in parsed],
        "seconds": seconds,
    }


def main() -> int:
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    from rasa.utils.tensorflow.environment import setup_tf_environment

    setup_tf_environment()  # the number of threads, from the environment
    quiet()
    warnings.showwarning = lambda *_, **__: None  # Rasa turns those of its libraries on again
    if not Path(job["model"]).exists():
        train(job)
    Path(sys.argv[2]).write_text(json.dumps(answers(job)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
