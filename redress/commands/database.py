"""db: the database's tables, demo data, backup and restore."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer

from redress import database
from redress import settings as reading

db = typer.Typer(help="The database: upgrade, seed, backup, restore.", no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    app.add_typer(db, name="db")


@db.command()
def upgrade() -> None:
    """Bring the tables to their newest form."""
    with database.opened(reading.load()) as url:
        database.migrate(url)
    print("The tables are in their newest form.")


@db.command()
def seed() -> None:
    """Put the demo company and its staff in, unless they are there."""
    from redress import demo

    settings = reading.load()
    with database.opened(settings) as url:
        database.migrate(url)
        asyncio.run(_seed(url, settings.home))
    print("\n".join(["The demo company is there. Its staff:", *demo.read_sign_ins(settings.home)]))


async def _seed(url: str, home: Path) -> None:
    from redress import wiring

    async with wiring.demo(url, home) as demo:
        await demo.ensure()


@db.command()
def backup(file: Annotated[Path, typer.Argument(help="The archive to write.")]) -> None:
    """Write everything in the database into one file, also while the product runs."""
    from redress.backup import backup

    with database.opened(reading.load()) as url:
        started = time.monotonic()
        size = backup(url, file)
    print(f"{file}: {size / 1e6:.1f} MB in {time.monotonic() - started:.1f} s.")


@db.command()
def restore(file: Annotated[Path, typer.Argument(help="An archive that `db backup` wrote.")]) -> None:
    """Put a backup into an empty database, all of it or nothing."""
    from redress.backup import restore

    with database.opened(reading.load()) as url:
        restore(url, file)
        database.migrate(url)  # the backup may be older than the code
    print(f"{file} is restored.")
