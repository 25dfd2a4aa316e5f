"""Static files: addressed by their content's hash, so that they can be kept by the browser for ever."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise


def register_assets(app: Flask) -> None:
    root = Path(str(app.static_folder))

    @cache
    def asset(path: str) -> str:
        digest = hashlib.sha256((root / path).read_bytes()).hexdigest()[:12]
        return f"/static/{path}?v={digest}"

    app.jinja_env.globals["asset"] = asset
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(root), prefix="static/", max_age=31_536_000, allow_all_origins=False
    )
