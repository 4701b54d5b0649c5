"""Understand messages from the command line, by the code that runs live.

    python -m bot.understand --model models/ < messages.jsonl

Reads one JSON object a line, {"id", "text"}, and writes one for each as soon as it is understood. `before` may tell the
turns of the conversation before it, [{"who", "text"}].
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from bot import without_tensorflow

Before = Sequence[Mapping[str, str]]
FIELDS = ("dialogue_act", "challenges", "frustration", "triggers", "entities", "person_due")


class Parse(Protocol):
    """The NLU's result for a text, in the conversation that it comes from."""

    def __call__(self, text: str, before: Before = ()) -> dict[str, Any]: ...


def quiet() -> None:
    """Standard output belongs to the answers; Rasa and its libraries speak on standard error, if they must."""
    warnings.simplefilter("ignore")
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def load(model: Path) -> Parse:
    """The trained NLU pipeline as a function from text to result."""
    without_tensorflow.install()
    from rasa.core.channels.channel import UserMessage
    from rasa.core.processor import MessageProcessor
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.nlu.person_due import BEFORE
    from bot.nlu.result import result_of
    from bot.turn import plain

    _, metadata, runner = MessageProcessor._load_model(str(model))
    tracker = DialogueStateTracker("understand", [])

    def parse(text: str, before: Before = ()) -> dict[str, Any]:
        asked = UserMessage(plain(text), metadata={BEFORE: before})
        inputs = {"__message__": [asked], "__tracker__": tracker}
        message = runner.run(inputs=inputs, targets=[metadata.nlu_target])[metadata.nlu_target][0]
        return result_of(message.as_dict(only_output_properties=True))

    return parse


def answer(parse: Parse, line: str) -> dict[str, Any]:
    """One line's answer; a line that is not understood as JSON gets an error, not an exception."""
    try:
        asked = json.loads(line)
        if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
            raise ValueError('expected an object {"id": …, "text": "…"}')
        before = turns_in(asked.get("before", []))
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"Not a message: {error}"}
    result = parse(asked["text"], before)
    return {"id": asked.get("id"), **{field: result[field] for field in FIELDS}}


def turns_in(value: Any) -> list[dict[str, str]]:
    """The turns that a line tells. Raises ValueError."""
    shape = isinstance(value, list) and all(isinstance(turn, dict) for turn in value)
    if not shape or not all(isinstance(turn.get(key), str) for turn in value for key in ("who", "text")):
        raise ValueError('expected turns {"who": "…", "text": "…"} as what was said before')
    return value


def main() -> int:
    parser = argparse.ArgumentParser(description="Understand JSON lines from standard input.")
    parser.add_argument("--model", type=Path, default=Path("models"), help="a model, or the folder of models")
    options = parser.parse_args()
    quiet()
    parse = load(options.model)
    for line in sys.stdin.buffer:
        if line.strip():
            result = answer(parse, line.decode("utf-8", "replace"))
            print(json.dumps(result, ensure_ascii=True), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
