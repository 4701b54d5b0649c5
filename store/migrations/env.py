"""How Alembic runs here: on the connection that store.migrate hands over, inside its transaction."""

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema="redress")
with context.begin_transaction():
    context.run_migrations()
