"""How the programs of the product are started."""

import sys
from pathlib import Path

from desk.parts import TURNS_AT_ONCE
from redress.children import Program
from redress.model import BOT_PYTHON, engine_environment
from redress.postgres import dsn
from redress.settings import CHECKOUT, Settings, child_environment


def engines(settings: Settings, model: Path) -> list[Program]:
    """Rasa, behind the desk's channel, so many times."""
    ports = settings.engine_ports or (settings.engine_port,)
    return [_engine(settings, model, _name("engine", n, len(ports)), port) for n, port in enumerate(ports, 1)]


def _engine(settings: Settings, model: Path, name: str, port: int) -> Program:
    environment = child_environment(
        settings,
        REDRESS_TRACKER_URL=dsn(settings.database_url or ""),
        POSTGRESQL_POOL_SIZE="8",  # Rasa would keep fifty
        POSTGRESQL_MAX_OVERFLOW=str(8 + TURNS_AT_ONCE * settings.desks),  # a turn holds one while it lasts
        **engine_environment(settings),
    )
    command = [str(BOT_PYTHON), "-m", "bot.serve", "--model", str(model), "--port", str(port)]
    return Program(
        name=name,
        command=command,
        environment=environment,
        log=settings.logs / f"{name}.log",
        folder=CHECKOUT,
        ready_url=f"http://127.0.0.1:{port}/webhooks/desk/ready",
        token=settings.engine_token.get_secret_value(),
    )


def actions(settings: Settings) -> Program:
    """The custom actions that the engine calls."""
    return _ours(settings, "actions", f"http://127.0.0.1:{settings.actions_port}/health")


def desks(settings: Settings) -> list[Program]:
    """What faces people. Several share one port, and each has another of its own."""
    ports = settings.desk_ports
    if not ports:
        return [_ours(settings, "desk", f"{settings.desk_url}/healthz")]
    return [_one_desk(settings, _name("desk", n, len(ports)), port) for n, port in enumerate(ports, 1)]


def _one_desk(settings: Settings, name: str, port: int) -> Program:
    return _ours(settings, name, f"http://127.0.0.1:{port}/healthz", REDRESS_DESK_PORT=str(port))


def _name(kind: str, number: int, of: int) -> str:
    return kind if of == 1 else f"{kind}-{number}"


def _ours(settings: Settings, name: str, ready_url: str, **more: str) -> Program:
    return Program(
        name=name,
        command=[sys.executable, "-m", f"redress.{name.partition('-')[0]}_process"],
        environment=child_environment(settings, **more),
        log=settings.logs / f"{name}.log",
        folder=CHECKOUT,
        ready_url=ready_url,
    )
