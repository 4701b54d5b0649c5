"""The migrations and the tables in code say the same."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

import crm_adapter.tables
import store.tables
from store.migrate import downgrade, upgrade

METADATA = [store.tables.metadata, crm_adapter.tables.metadata]
NewDatabase = Callable[[], str]

# Everything a table is made of, as PostgreSQL itself words it: more than autogenerate compares.
CATALOGUE = """
select c.table_schema || '.' || c.table_name || '.' || c.column_name,
       concat_ws(' ', data_type, udt_name, is_nullable, column_default, identity_generation, identity_start)
from information_schema.columns c
where c.table_schema in ('redress', 'crm') and c.table_name <> 'alembic_version'
union all
select conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
from pg_constraint
where connamespace::regnamespace::text in ('redress', 'crm') and contype <> 'n'
  and conrelid::regclass::text <> 'redress.alembic_version'
union all
select schemaname || '.' || indexname, indexdef
from pg_indexes where schemaname in ('redress', 'crm') and tablename <> 'alembic_version'
"""


def engine_on(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def catalogue(connection: Connection) -> dict[str, str]:
    return {str(name): str(meaning) for name, meaning in connection.execute(text(CATALOGUE))}


@pytest.fixture
def migrated(new_database: NewDatabase) -> str:
    url = new_database()
    upgrade(url)
    return url


def test_autogenerate_finds_nothing_that_the_migrations_forgot(migrated: str) -> None:
    with engine_on(migrated).connect() as connection:
        options = {"target_metadata": METADATA, "include_schemas": True, "version_table_schema": "redress"}
        context = MigrationContext.configure(connection, opts=options)
        both: Any = METADATA  # Alembic takes several; its types know one
        assert compare_metadata(context, both) == []


def test_the_migrated_database_is_the_one_that_the_tables_describe(migrated: str, new_database: NewDatabase) -> None:
    with engine_on(new_database()).begin() as connection:
        connection.execute(text("create schema redress"))
        connection.execute(text("create schema crm"))
        for metadata in METADATA:
            metadata.create_all(connection)
        described = catalogue(connection)
    with engine_on(migrated).connect() as connection:
        assert catalogue(connection) == described
    assert len(described) > 200, "the catalogue query finds hardly anything: it compares nothing"


def test_a_migrated_database_can_go_back_and_forth(migrated: str) -> None:
    with engine_on(migrated).connect() as connection:
        before = catalogue(connection)
    downgrade(migrated)
    with engine_on(migrated).connect() as connection:
        assert catalogue(connection) == {}
    upgrade(migrated)
    with engine_on(migrated).connect() as connection:
        assert catalogue(connection) == before


def test_two_processes_may_migrate_one_database_at_once(new_database: NewDatabase) -> None:
    url = new_database()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, [url] * 4))
    with engine_on(url).connect() as connection:
        assert connection.execute(text("select count(*) from redress.alembic_version")).scalar() == 1


def test_migrating_twice_changes_nothing(migrated: str) -> None:
    version = text("select version_num from redress.alembic_version")
    with engine_on(migrated).connect() as connection:
        before = connection.execute(version).scalar()
    upgrade(migrated)
    with engine_on(migrated).connect() as connection:
        assert connection.execute(version).scalar() == before
