from datetime import datetime

from flask import Flask

from crm.extensions import db
from crm.jobs import register_job
from crm.jobs.registry import A_DAY
from crm.search.marking import marked
from crm.search.operations import forget_words
from crm.search.views import blueprint


def register_search(app: Flask) -> None:
    """Routes of the feature, and what it does every day."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters["marked"] = marked
    register_job("forget words of the search", _forget, every=A_DAY)


def _forget(_at: datetime) -> str:
    forget_words(db.session.connection())
    return ""
