"""How Alembic reaches the database: the URL comes from the configuration, the target from the schema's metadata."""

from alembic import context

from workflow.schema import metadata
from workflow.store.databases import connect

config = context.config


def offline() -> None:
    """Print the SQL instead of running it: ``alembic upgrade head --sql``."""
    context.configure(url=config.get_main_option("sqlalchemy.url"), target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def online() -> None:
    engine = connect(config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


if context.is_offline_mode():
    offline()
else:
    online()
