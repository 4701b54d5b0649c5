"""`redress up`: start everything, as much at once as possible; keep it running; stop it without a trace."""

import asyncio
import shutil
import signal
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from redress import database, demo, model, ports, programs, registry, running, wiring
from redress.children import Died, Keeper, Program, how_it_ended, last_words
from redress.problem import Problem
from redress.readiness import until_all_ready, until_answered, until_ready
from redress.settings import CHECKOUT, Settings

NEEDED_SPACE = 300 << 20
ENCODER = ("encoder.onnx", "plain.onnx")  # the graphs that answer, and that train
_NO_MODEL = 3  # bot.serve: the model could not be loaded

type Say = Callable[[str], None]


def run(settings: Settings, say: Say) -> None:
    """Run until Ctrl-C or SIGTERM. Raises Problem when something cannot start."""
    check(settings)
    with running.only_one(settings):
        settings = with_ports(settings)
        with database.opened(settings) as url:
            embedded = settings.database_url is None
            supervisor = Supervisor(settings.model_copy(update={"database_url": url}), say, embedded=embedded)
            try:
                asyncio.run(supervisor.run())
            except Died as died:
                raise Problem(why_it_died(died)) from died
    say("Stopped.")


def why_it_died(died: Died) -> str:
    """A sentence about a program that ended before it was ready."""
    program = died.program
    if program.name == "engine" and died.code == _NO_MODEL:
        path = Path(program.command[program.command.index("--model") + 1]).resolve()
        return f"The model {path} does not load. Delete it and start again: it is trained anew. See {program.log}."
    said = last_words(program.log)
    return f"The {program.name} {how_it_ended(died.code)} while starting: {said} The whole story is in {program.log}."


def check(settings: Settings) -> None:
    """What can be known to go wrong before anything starts."""
    ports.check_free(settings.host, settings.port)
    check_space(settings.home)
    check_playbook(settings)
    check_encoder(settings.home)


def check_space(home: Path) -> None:
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < NEEDED_SPACE:
        needed = NEEDED_SPACE >> 20
        raise Problem(
            f"{there} has {free >> 20} MB free, and Redress needs {needed} MB. Make room, or set REDRESS_HOME."
        )


def check_playbook(settings: Settings) -> None:
    from redress.playbook import PlaybookBroken, load

    try:
        load(settings.playbook, CHECKOUT / "data" / "responses")
    except PlaybookBroken as broken:
        first, *rest = broken.problems
        more = f" There are {len(rest)} more: run `redress playbook check`." if rest else ""
        raise Problem(f"The playbook cannot be used. {first}{more}") from broken


def check_encoder(home: Path) -> None:
    if not all((home / "encoder" / graph).exists() for graph in ENCODER):
        missing = f"The sentence encoder of this version is not in {home}/encoder."
        raise Problem(f"{missing} Run `make setup` with the same REDRESS_HOME.")


def with_ports(settings: Settings) -> Settings:
    """Choose the ports that were left open."""
    several = settings.desks if settings.desks > 1 else 0
    actions_port, *free = ports.free_ports(1 + settings.engines + several)
    engine_ports = (settings.engine_port or free[0], *free[1 : settings.engines])
    chosen = {
        "engine_port": engine_ports[0],
        "actions_port": settings.actions_port or actions_port,
        "engine_ports": engine_ports,
        "desk_ports": tuple(free[settings.engines :]),
    }
    return settings.model_copy(update=chosen)


class Supervisor:
    """One running product, on a database that answers."""

    def __init__(self, settings: Settings, say: Say, *, embedded: bool) -> None:
        self.settings = settings
        self._embedded = embedded
        self.keepers: dict[str, Keeper] = {}
        self._started = time.monotonic()
        self._started_in: float | None = None
        self._say = say
        self._keeping: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Start, serve until told to stop, stop."""
        stop = _told_to_stop()
        if self._embedded:
            self._keeping["database"] = asyncio.create_task(database.keep(self.settings, self._say))
        try:
            if await _unless(stop, self._start()):
                self._say(self._welcome())
                await stop.wait()
            self._say("Stopping …")
        finally:
            await self._stop()

    async def _start(self) -> None:
        settings = self.settings
        await together(self._engine(), self._ready(programs.actions(settings)), self._desk())
        await until_all_ready(settings)
        await until_answered(settings)
        self._tell("question   answered")
        self._started_in = time.monotonic() - self._started
        self._write_down()

    async def _engine(self) -> None:
        path = model.path_of(self.settings)
        if not path.exists():
            self._say("model      training, which takes about a minute …")
            await model.ensure(self.settings)
            self._tell("model      trained")
        registry.settle(self.settings, path, model.model_hash())
        link = registry.link(self.settings, path)
        await together(*(self._ready(program) for program in programs.engines(self.settings, link)))

    async def _desk(self) -> None:
        url = str(self.settings.database_url)
        await asyncio.to_thread(database.migrate, url)
        if self.settings.demo:
            async with wiring.demo(url, self.settings.home) as demo_parts:
                await demo_parts.ensure()
        self._tell("database   ready")
        await together(*(self._ready(program) for program in programs.desks(self.settings)))

    async def _ready(self, program: Program) -> None:
        """Start a program and keep it; return when it is ready. Raises Died and Problem."""
        keeper = self.keepers[program.name] = Keeper(program, self._say, self._write_down)
        keeping = self._keeping[program.name] = asyncio.create_task(keeper.keep())
        ready = asyncio.create_task(until_ready(program))
        try:
            await asyncio.wait([keeping, ready], return_when=asyncio.FIRST_COMPLETED)
            await (keeping if keeping.done() else ready)
        finally:
            ready.cancel()
        keeper.was_ready = True
        self._tell(f"{program.name:<10} ready")

    async def _stop(self) -> None:
        """The desk first, so that it can finish what it does while the others still answer."""
        for kinds in ({"desk"}, {"actions", "engine"}, {"database"}):
            tasks = [task for name, task in self._keeping.items() if name.partition("-")[0] in kinds]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _write_down(self) -> None:
        """Which processes run now, for the commands that want to know."""
        processes = {name: keeper.process.pid for name, keeper in self.keepers.items() if keeper.process}
        if self._started_in is not None:
            running.tell(self.settings, processes, self._started_in)

    def _tell(self, what: str) -> None:
        self._say(f"{what:<24}{time.monotonic() - self._started:5.1f} s")

    def _welcome(self) -> str:
        url = self.settings.desk_url
        lines = ["", f"The shop, with its chat   {url}/", f"The staff's desk          {url}/desk"]
        if self.settings.demo:
            lines += ["", "Demo staff, with their passwords:", *demo.read_sign_ins(self.settings.home)]
        return "\n".join([*lines, "", "Ctrl-C stops everything."])


def _told_to_stop() -> asyncio.Event:
    """Set by Ctrl-C, by SIGTERM, and when the terminal closes."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do the work, unless we are told to stop before it is done."""
    doing, waiting = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait([doing, waiting], return_when=asyncio.FIRST_COMPLETED)
    done = doing.done()
    for task in (doing, waiting):
        task.cancel()
    await asyncio.gather(doing, waiting, return_exceptions=True)
    if done:
        doing.result()
    return done


async def together(*work: Coroutine[Any, Any, None]) -> None:
    """Do all of it at once. The first failure ends the rest and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for part in work:
                group.create_task(part)
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
