"""Users, roles, sign-in."""

from typing import Any

from flask import Flask
from flask_login import current_user

from crm.accounts import commands, operations, sessions, views
from crm.accounts.history import describe_accounts
from crm.extensions import db
from crm.web.locale import language_chosen

__all__ = ["register_accounts", "sessions"]


def register_accounts(app: Flask) -> None:
    app.register_blueprint(views.accounts_blueprint)
    app.register_blueprint(views.users_blueprint)
    app.register_blueprint(views.tokens_blueprint)
    app.cli.add_command(commands.users_group)
    app.cli.add_command(commands.tokens_group)
    describe_accounts()
    language_chosen.connect(_keep_language)


def _keep_language(_sender: Any, *, language: str, **_more: Any) -> None:
    if current_user.is_authenticated:
        operations.choose_language(user=sessions.signed_in_user(), language=language)
        db.session.commit()
