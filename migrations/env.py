"""Alembic's entry: runs migrations in one transaction on the application's own database."""

from alembic import context

from crm.extensions import db
from migrations.included import include_object

config = context.config


def run() -> None:
    given = config.attributes.get("connection")
    with given.begin_nested() if given is not None else db.engine.begin() as scope:
        connection = given if given is not None else scope
        context.configure(
            connection=connection,
            target_metadata=db.metadatas[None],
            include_object=include_object,
            compare_server_default=True,
            render_as_batch=connection.dialect.name == "sqlite",
            user_module_prefix="database.",
        )
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations run against a database; give DATABASE_URL")
run()
