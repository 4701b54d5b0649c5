"""A backup holds everything, and goes into an empty database only."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from redress.backup import backup, restore
from redress.problem import Problem
from store.migrate import upgrade


def everything(url: str) -> dict[str, Any]:
    """Every table of ours with its rows."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        named = text("select schemaname, tablename from pg_tables where schemaname in ('redress', 'crm', 'public')")
        tables = [f'"{schema}"."{name}"' for schema, name in connection.execute(named)]
        return {t: connection.execute(text(f"select t::text from {t} t order by 1")).scalars().all() for t in tables}  # noqa: S608


def fill(url: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("create table public.events (id serial primary key, data text)"))
        connection.execute(text("insert into public.events (data) values ('a tab\tand a \\\\ and £'), (null)"))
        connection.execute(
            text("insert into redress.alerts (kind, text, at) values ('handoff', '“quoted”', :at)"),
            {"at": datetime(2026, 11, 22, tzinfo=UTC)},
        )


def test_what_is_restored_is_what_was_backed_up(new_database: Callable[[], str], tmp_path: Path) -> None:
    original, copy = new_database(), new_database()
    upgrade(original)
    fill(original)
    assert backup(original, tmp_path / "all.backup") > 0
    restore(copy, tmp_path / "all.backup")
    assert everything(copy) == everything(original)
    upgrade(copy)  # and the restored database goes on as any other
    engine = create_engine(copy, poolclass=NullPool)
    with engine.begin() as connection:
        new = connection.execute(text("insert into public.events (data) values ('next') returning id")).scalar_one()
    assert new == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.backup"]


def test_a_database_that_holds_something_is_not_written_over(new_database: Callable[[], str], tmp_path: Path) -> None:
    url = new_database()
    upgrade(url)
    backup(url, tmp_path / "all.backup")
    before = everything(url)
    with pytest.raises(Problem, match="an empty one only"):
        restore(url, tmp_path / "all.backup")
    assert everything(url) == before


def test_a_damaged_backup_changes_nothing(new_database: Callable[[], str], tmp_path: Path) -> None:
    original, copy = new_database(), new_database()
    upgrade(original)
    fill(original)
    backup(original, tmp_path / "all.backup")
    whole = (tmp_path / "all.backup").read_bytes()
    (tmp_path / "half.backup").write_bytes(whole[: len(whole) * 9 // 10])
    with pytest.raises(Problem, match="pg_restore failed"):
        restore(copy, tmp_path / "half.backup")
    assert everything(copy) == {}


def test_a_backup_is_not_written_over_another_file(new_database: Callable[[], str], tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    with pytest.raises(Problem, match="is there already"):
        backup(new_database(), tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "kept"


def test_a_backup_that_is_not_there_is_told(new_database: Callable[[], str], tmp_path: Path) -> None:
    with pytest.raises(Problem, match="There is no file"):
        restore(new_database(), tmp_path / "nothing")
