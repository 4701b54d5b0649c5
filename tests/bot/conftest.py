"""Fixtures: a small Rasa bot for the channel's tests, and the real pipeline trained on a few messages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import without_tensorflow
from bot.home import CHECKOUT, home

without_tensorflow.install()

SMALL_BOT = Path(__file__).parent / "small_bot"
ENCODER = home() / "encoder"


@pytest.fixture(scope="session", autouse=True)
def _own_rasa_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setenv("RASA_TELEMETRY_ENABLED", "false")
    patch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path_factory.mktemp("rasa")))
    yield
    patch.undo()


def trained(config: Path, domain: Path, files: list[Path], out: Path) -> Path:
    from rasa.model_training import train

    result = train(str(domain), str(config), [str(file) for file in files], output=str(out), fixed_model_name="model")
    assert result.code == 0
    return Path(result.model)


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bot of five rules that understands by keyword."""
    folder = tmp_path_factory.mktemp("small")
    return trained(SMALL_BOT / "config.yml", SMALL_BOT / "domain.yml", [SMALL_BOT / "data.yml"], folder)


@pytest.fixture(scope="session")
def real_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real pipeline, trained on the messages of three files."""
    if not (ENCODER / "manifest.json").exists():
        pytest.skip("No sentence encoder: run `python -m bot.encoder.fetch_and_build`.")
    patch = pytest.MonkeyPatch()
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(ENCODER, home / "encoder")
    patch.setenv("REDRESS_HOME", str(home))
    names = ("late_delivery", "safety_incident", "thank_no_challenge")
    files = [CHECKOUT / "data" / "nlu" / f"{name}.yml" for name in names] + [SMALL_BOT / "data.yml"]
    yield trained(CHECKOUT / "config.yml", SMALL_BOT / "domain.yml", files, home / "models")
    patch.undo()
