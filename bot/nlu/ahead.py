"""Encode training messages while Rasa is still reading them: of two cores one has nothing else to do then.

A process of its own fills the cache of encodings until it is asked to end; what it did not get to is encoded as ever.

python -m bot.nlu.ahead CHECKOUT
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.home import CHECKOUT, home
from bot.nlu.encoding_cache import EncodingCache
from bot.nlu.sentence_encoder import plain_encoder
from bot.nlu.text import understood

_PATIENCE_S = 20.0
_ours: list[subprocess.Popen[bytes]] = []


def begin(checkout: Path) -> None:
    """Start with the messages of a checkout."""
    _ours.append(subprocess.Popen([sys.executable, "-m", "bot.nlu.ahead", str(checkout)], cwd=CHECKOUT))


def begun() -> bool:
    return bool(_ours)


def end() -> None:
    """Return once everything that was encoded is in the cache. Does nothing where nothing was begun."""
    for process in _ours:
        process.terminate()
    wait()


def wait() -> None:
    """Until all is encoded; what takes too long is ended."""
    while _ours:
        process = _ours.pop()
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()


def texts(checkout: Path) -> Iterator[str]:
    """The messages, roughly: a file that cannot be read this quickly is left to Rasa, which tells what is wrong."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted((checkout / "data" / "nlu").glob("*.yml")):
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506 - one of the safe ones
            for group in content["nlu"]:
                for example in group.get("examples", ()):
                    yield understood(example["text"].strip())
        except (OSError, ValueError, TypeError, KeyError, AttributeError, yaml.YAMLError):
            continue


def main() -> int:
    parent, asked_to_end = os.getppid(), []
    signal.signal(signal.SIGTERM, lambda *_: asked_to_end.append(True))
    cache = EncodingCache(home() / "cache" / "encodings", plain_encoder(home() / "encoder"))
    for text in texts(Path(sys.argv[1])):
        if asked_to_end or os.getppid() != parent:
            break
        cache.encode(text)
    cache.save()
    return 0


if __name__ == "__main__":
    sys.exit(main())
