"""How the three programs of the product are started."""

import sys
from pathlib import Path

from redress.children import Program
from redress.model import BOT_PYTHON, engine_environment
from redress.postgres import dsn
from redress.settings import CHECKOUT, Settings, child_environment


def engine(settings: Settings, model: Path) -> Program:
    """Rasa, behind the desk's channel."""
    environment = child_environment(
        settings,
        REDRESS_TRACKER_URL=dsn(settings.database_url or ""),
        POSTGRESQL_POOL_SIZE="8",  # Rasa would keep fifty
        POSTGRESQL_MAX_OVERFLOW="8",
        **engine_environment(settings),
    )
    command = [str(BOT_PYTHON), "-m", "bot.serve", "--model", str(model), "--port", str(settings.engine_port)]
    return Program(
        name="engine",
        command=command,
        environment=environment,
        log=settings.logs / "engine.log",
        folder=CHECKOUT,
        ready_url=f"{settings.engine_url}/webhooks/desk/ready",
        token=settings.engine_token.get_secret_value(),
    )


def actions(settings: Settings) -> Program:
    """The custom actions that the engine calls."""
    return _ours(settings, "actions", f"http://127.0.0.1:{settings.actions_port}/health")


def desk(settings: Settings) -> Program:
    """What faces people."""
    return _ours(settings, "desk", f"{settings.desk_url}/healthz")


def _ours(settings: Settings, name: str, ready_url: str) -> Program:
    return Program(
        name=name,
        command=[sys.executable, "-m", f"redress.{name}_process"],
        environment=child_environment(settings),
        log=settings.logs / f"{name}.log",
        folder=CHECKOUT,
        ready_url=ready_url,
    )
