from datetime import timedelta
from typing import Any

from config import Config

VERSION = "0.1.0"


def flask_settings(config: Config) -> dict[str, Any]:
    """Flask's and its extensions' settings from ours."""
    served_over_tls = config.public_url.startswith("https://")
    return {
        "CRM": config,
        "SECRET_KEY": config.secret_key,
        "TESTING": config.testing,
        "DEBUG": False,
        "SQLALCHEMY_RECORD_QUERIES": False,
        "MAX_CONTENT_LENGTH": 6 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 5_000,
        "SESSION_COOKIE_NAME": "naeringskontakt",
        "SESSION_COOKIE_SECURE": served_over_tls,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(minutes=config.idle_minutes),
        "PREFERRED_URL_SCHEME": "https" if served_over_tls else "http",
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session: a long note is not lost to a clock
        "BABEL_DEFAULT_LOCALE": "nb_NO",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Oslo",
        "BABEL_TRANSLATION_DIRECTORIES": "crm/translations",
        "RATELIMIT_STORAGE_URI": config.redis_url or "memory://",
        "RATELIMIT_ENABLED": not config.testing,
        "RATELIMIT_HEADERS_ENABLED": True,
        "COMPRESS_MIMETYPES": ["text/html", "text/calendar", "application/json", "image/svg+xml"],
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 3,
        "COMPRESS_LEVEL": 4,
        "API_TITLE": "Næringskontakt",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
    }
