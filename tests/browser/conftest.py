"""Chromium against the real server on sample data."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.demo.staff import DEMO_PASSWORD, sign_ins
from tests.browser.find import installed_browser

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.own_app)


@pytest.fixture(scope="session")
def served_from(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps its database, its files and, in `outbox`, the mail it sends."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def server(served_from: Path) -> Iterator[str]:
    """The address of the product with sample data, as `make demo` serves it."""
    folder = served_from
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DEMO": "1",
        "SECRET_KEY": secrets.token_hex(32),
        "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}",
        "MAIL_URL": f"file:{folder / 'outbox'}",
        "ATTACHMENTS_URL": f"file:{folder / 'attachments'}",
        "PUBLIC_URL": address,
    }
    flask = [BIN / "flask", "--app", "wsgi"]
    for command in (
        ["db", "upgrade"],
        ["demo", "load", "--organisations", "60", "--contacts", "130", "--interactions", "500"],
    ):
        subprocess.run([*flask, *command], cwd=ROOT, env=environment, check=True, capture_output=True)
    gunicorn = [
        BIN / "gunicorn",
        "wsgi:app",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--threads",
        "4",
    ]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [*gunicorn, "--worker-class", "gthread", "--no-control-socket"],
            cwd=ROOT,
            env=environment,
            stderr=log,
        ) as running,
    ):
        try:
            _wait_for(f"{address}/health/ready")
            yield address
        finally:
            running.terminate()


def _wait_for(address: str) -> None:
    for _ in range(150):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=2)
            return
        time.sleep(0.2)
    raise RuntimeError(f"nothing answers at {address}")


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    path = installed_browser()
    if path is None:
        pytest.skip("no browser is installed; make test installs one")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, server: str) -> Iterator:
    """Opens a page: visit("advisor", width, dark=…, scripts=…) gives a signed-in Playwright page."""
    contexts = []

    def open_page(
        role: str | None = None, viewport: dict | None = None, *, dark: bool = False, scripts: bool = True
    ):
        context = chromium.new_context(
            base_url=server,
            viewport=viewport or DESKTOP,
            locale="nb-NO",
            timezone_id="Europe/Oslo",
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            has_touch=viewport == PHONE,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: page.problems.append(str(e)))
        if role is not None:
            sign_in(page, role)
        return page

    yield open_page
    for context in contexts:
        context.close()


def email_of(role: str) -> str:
    return next(one.email for one in sign_ins() if one.role.value == role)


def sign_in(page, role: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", email_of(role))
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def violations(page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA on the page as it stands."""
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r => r.violations)"
    )
    return [f"{v['id']}: {v['help']}: {[n['html'][:120] for n in v['nodes'][:3]]}" for v in found]
