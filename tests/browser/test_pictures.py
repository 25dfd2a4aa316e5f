"""The guide's pictures. Each is taken by the tests, so that a page that no longer shows what the guide says is noticed."""

from pathlib import Path

import pytest

from tests.browser.conftest import DESKTOP, PHONE

PICTURES = {
    "my-day": ("advisor", "/", DESKTOP),
    "log-visit-phone": ("advisor", "/interactions/new?organisation=1", PHONE),
    "organisation": ("first_line", "/organisations/1", DESKTOP),
    "report": ("manager", "/reports/measures?by=year", DESKTOP),
    "arena": ("advisor", "/arenas/1", DESKTOP),
    "signals": ("manager", "/reports/signals", DESKTOP),
    "search-phone": ("first_line", "/", PHONE),
    "enquiry": ("advisor", "/enquiries/?whose=all", DESKTOP),
    "users": ("administrator", "/users/", DESKTOP),
}

TYPED = {"search-phone": "berger tomt"}
"""What is typed in the search box before the picture is taken."""


@pytest.fixture
def folder(request, tmp_path) -> Path:
    kept = request.config.getoption("--pictures")
    return Path(kept) if kept else tmp_path


@pytest.mark.parametrize("name", PICTURES)
def test_picture(visit, folder, name):
    role, address, viewport = PICTURES[name]
    page = visit(role, viewport)
    assert page.goto(address).status == 200
    page.evaluate("document.fonts.ready")
    if words := TYPED.get(name):
        page.locator("#search-box").press_sequentially(words)
        page.locator(".search-asked").wait_for()
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")
    assert (folder / f"{name}.png").stat().st_size > 10_000
    guide = (Path(__file__).resolve().parents[2] / "docs/guide/README.md").read_text()
    assert f"pictures/{name}.png" in guide
