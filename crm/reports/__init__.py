from flask import Flask

from crm.reports import enquiry_exports, enquiry_views, establishment_views, models, signal_views
from crm.reports.panels import register_panels
from crm.reports.views import blueprint

__all__ = [
    "enquiry_exports",
    "enquiry_views",
    "establishment_views",
    "models",
    "register_reports",
    "signal_views",
]


def register_reports(app: Flask) -> None:
    """Routes and panels of the feature."""
    app.register_blueprint(blueprint)
    register_panels()
