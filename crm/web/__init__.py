"""What every page shares: settings, locale, errors, headers, formatting, navigation."""

from flask import Flask

from crm.web import assets, errors, formatting, headers, logs, navigation, transactions, uploads, views
from crm.web.forms.rendering import register_form_components
from crm.web.locale import select_locale
from crm.web.settings import flask_settings

__all__ = ["flask_settings", "register_web", "select_locale"]


def register_web(app: Flask) -> None:
    logs.register_logs(app)
    transactions.register_transactions(app)
    uploads.register_uploads(app)
    assets.register_assets(app)
    headers.register_headers(app)
    formatting.register_formatting(app)
    register_form_components(app)
    navigation.register_navigation(app)
    errors.register_errors(app)
    app.register_blueprint(views.blueprint)
