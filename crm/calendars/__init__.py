"""Calendars: what Outlook, Google and Apple read of the product."""

from flask import Flask

from crm.calendars import models
from crm.calendars.history import describe_calendars
from crm.calendars.panels import register_panels
from crm.calendars.views import blueprint

__all__ = ["models", "register_calendars"]


def register_calendars(app: Flask) -> None:
    """Routes and panels of the feature, and how its records read."""
    app.register_blueprint(blueprint)
    describe_calendars()
    register_panels()
