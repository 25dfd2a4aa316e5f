"""Users, roles, sign-in."""

from flask import Flask

from crm.accounts import sessions

__all__ = ["register_accounts", "sessions"]


def register_accounts(app: Flask) -> None:
    pass
