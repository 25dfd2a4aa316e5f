from flask import Flask

from crm.search.marking import marked
from crm.search.views import blueprint


def register_search(app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters["marked"] = marked
