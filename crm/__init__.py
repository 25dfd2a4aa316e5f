"""Næringskontakt: a stakeholder CRM for a municipality's business-development office."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from crm import (
    accounts,
    api,
    arenas,
    attachments,
    audit,
    calendars,
    cli,
    collaborations,
    enquiries,
    establishments,
    files,
    interactions,
    invitations,
    jobs,
    organisations,
    plan,
    reports,
    responsibilities,
    scheduling,
    search,
    sites,
    web,
)
from crm.database import engine_options
from crm.extensions import babel, compress, csrf, db, limiter, login_manager, migrate
from crm.web.guards import register_guard
from crm.web.templating import LanguageEnvironment

ROOT = Path(__file__).resolve().parent.parent


def create_app(config: Config) -> Flask:
    """The application, ready to serve. Adding a feature means adding a line here."""
    app = Flask("crm", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.jinja_environment = LanguageEnvironment  # type: ignore[assignment]
    app.config.from_mapping(
        web.flask_settings(config),
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
    )
    web.register_web(app)
    register_extensions(app)
    register_features(app)
    cli.register_commands(app)
    register_guard(app)
    trust_proxies(app, config.trusted_proxies)
    return app


def trust_proxies(app: Flask, hops: int) -> None:
    """Take the caller's address and scheme from so many proxies of our own; from none by default."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]


def register_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    login_manager.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=web.select_locale, timezone_selector=lambda: "Europe/Oslo")
    limiter.init_app(app)
    compress.init_app(app)


def register_features(app: Flask) -> None:
    jobs.register_jobs(app)
    files.register_files(app)
    audit.register_audit(app)
    accounts.register_accounts(app)
    plan.register_plan(app)
    organisations.register_organisations(app)
    interactions.register_interactions(app)
    arenas.register_arenas(app)
    collaborations.register_collaborations(app)
    attachments.register_attachments(app)
    sites.register_sites(app)
    responsibilities.register_responsibilities(app)
    enquiries.register_enquiries(app)
    establishments.register_establishments(app)
    reports.register_reports(app)
    search.register_search(app)
    calendars.register_calendars(app)
    scheduling.register_scheduling(app)
    invitations.register_invitations(app)
    api.register_api(app)
