"""The processes of a running product that may be killed."""

import asyncio

import psycopg

from redress import model, postgres, programs, running
from redress.chaos.killing import Victim
from redress.children import Keeper, Program
from redress.own_stack import Stack
from redress.readiness import until_ready
from redress.settings import Settings

_AGAIN_AFTER_S = 0.05


def victims_of(stack: Stack, *ours: Keeper) -> dict[str, Victim]:
    """Every program that the supervisor keeps, the database, and what we keep ourselves."""
    settings = stack.settings
    engines = programs.engines(settings, model.path_of(settings))
    kept = [*engines, programs.actions(settings), *programs.desks(settings)]
    victims = [_program(settings, program) for program in kept]
    return {victim.name: victim for victim in [*victims, _database(settings), *map(_kept, ours)]}


def _kept(keeper: Keeper) -> Victim:
    def process() -> int:
        if keeper.process is None:
            raise RuntimeError(f"{keeper.program.name} was never started.")
        return keeper.process.pid

    return Victim(keeper.program.name, process, lambda: until_ready(keeper.program))


def _program(settings: Settings, program: Program) -> Victim:
    def process() -> int:
        return running.find(settings).processes[program.name]

    return Victim(program.name, process, lambda: until_ready(program))


def _database(settings: Settings) -> Victim:
    async def back() -> None:
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(postgres.dsn(str(settings.database_url)))
            except psycopg.Error:
                await asyncio.sleep(_AGAIN_AFTER_S)
            else:
                await connection.close()
                return

    return Victim("database", lambda: postgres.process(settings.home), back)
