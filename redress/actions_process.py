"""The actions process: `python -m redress.actions_process`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from actions import parts
from redress import settings as reading
from redress import wiring
from redress.actions_app import ActionsApp, Executor
from redress.serving import serve


def main() -> None:
    """Serve our actions on the loopback."""
    settings = reading.load()
    executor = Executor()
    executor.register_package("actions")

    @asynccontextmanager
    async def opening() -> AsyncIterator[None]:
        async with wiring.bot(settings) as bot:
            parts.use(bot)
            yield

    serve(ActionsApp(executor, opening), "127.0.0.1", settings.actions_port, settings)


if __name__ == "__main__":
    main()
