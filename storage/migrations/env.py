"""What Alembic runs for each of its commands; `storage.migrations` hands it an open transaction."""

from alembic import context

from storage.migrations import rules

connection = context.config.attributes["connection"]
metadata = context.config.attributes["metadata"]

context.configure(connection=connection, **rules.options(metadata))
with context.begin_transaction():
    context.run_migrations()
