"""Ask the engine's own NLU about many messages at once, in its own environment."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from casework.shadowing import Asked
from redress.model import BOT_PYTHON, engine_environment
from redress.problem import Problem
from redress.settings import CHECKOUT, Settings, child_environment


def understand(settings: Settings, model: Path, asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """The NLU's result for each message, in order. Raises Problem when the engine's environment fails."""
    lines = "".join(_line(number, one) + "\n" for number, one in enumerate(asked))
    environment = child_environment(settings, **engine_environment(settings))
    command = [str(BOT_PYTHON), "-m", "bot.understand", "--model", str(model)]
    try:
        done = subprocess.run(  # noqa: S603 - our own words only
            command, input=lines, capture_output=True, text=True, cwd=CHECKOUT, env=environment, check=True
        )
    except OSError as error:
        raise Problem("The engine's environment is not there. Run `make setup` first.") from error
    except subprocess.CalledProcessError as error:
        raise Problem(f"The model could not be asked: {error.stderr.strip()[-300:]}") from error
    return [json.loads(line) for line in done.stdout.splitlines()]


def _line(number: int, asked: Asked) -> str:
    before = [{"who": who, "text": text} for who, text in asked.before]
    return json.dumps({"id": number, "text": asked.text, "before": before})


def run_in_bot(settings: Settings, module: str, *options: str) -> int:
    """Run a module of the engine's room; its input and output are ours. Returns its exit code."""
    environment = child_environment(settings, **engine_environment(settings))
    command = [str(BOT_PYTHON), "-m", module, *options]
    try:
        done = subprocess.run(command, cwd=CHECKOUT, env=environment, check=False)  # noqa: S603 - our own words only
    except OSError as error:
        raise Problem("The engine's environment is not there. Run `make setup` first.") from error
    return done.returncode
