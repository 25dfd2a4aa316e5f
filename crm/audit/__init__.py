"""Who did what to which record, when: recording it, and reading it."""

from flask import Flask

from crm.audit import views

__all__ = ["register_audit"]


def register_audit(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
