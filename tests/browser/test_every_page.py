"""Each page, as a phone and a desktop show it, light and dark: nothing for axe to find, nothing wider than the screen."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE, violations

PUBLIC = ["/sign-in", "/forgotten-password", "/about", "/no-such-page"]
PAGES = [
    "/",
    "/organisations/",
    "/organisations/?q=finnes-ikke",
    "/organisations/new",
    "/organisations/1",
    "/organisations/1/edit",
    "/search",
    "/search?q=berg",
    "/search?q=finnes-ikke",
    "/contacts/",
    "/contacts/new",
    "/contacts/1",
    "/contacts/1/edit",
    "/interactions/",
    "/interactions/?status=held&measure=1.B.1&from=2026-01-01&to=2026-12-31&organisation_kind=university&organisation=1&strategy=1.B&plan=1",
    "/interactions/new?organisation=1",
    "/interactions/1",
    "/interactions/1/edit",
    "/interactions/1/attachments/add",
    "/attachments/1/remove",
    "/follow-ups/",
    "/collaborations/",
    "/collaborations/?q=finnes-ikke",
    "/collaborations/new",
    "{idea}",
    "{idea}/edit",
    "{idea}/history",
    "{latest}",
    "{latest}/continue",
    "{latest}/activities",
    "/sites/",
    "/sites/new",
    "/sites/1",
    "/sites/1/edit",
    "/establishments/",
    "/establishments/new",
    "/establishments/1",
    "/establishments/1/edit",
    "/establishments/1/establish",
    "/arenas/",
    "/arenas/new",
    "/arenas/1",
    "/arenas/1/edit",
    "/arenas/1/members/new",
    "/arenas/1/sessions",
    "/arenas/1/sessions/new",
    "{planned}",
    "{planned}/invitations",
    "/plan/measures/5.C.1",
    "/invitations/",
    "/plan/",
    "/plan/strategies/1.B",
    "/plan/measures/1.B.1",
    "/plan/import",
    "/reports/measures",
    "/reports/measures?by=year",
    "/reports/signals",
    "/reports/signals/organisations?signal=needs_premises",
    "/users/",
    "/users/new",
    "/users/1",
    "/profile",
    "/profile/tokens",
    "/calendar/",
    "/audit/",
    "/organisations/1/history",
    "/contacts/1/history",
    "/interactions/1/history",
    "/plan/measures/1.B.1/history",
    "/bin",
    "/api/v1/docs",
    "/no-such-page",
]


def linked(page):
    """Addresses of what the sample data has under other numbers each time its size is changed."""
    found = {}
    for name, address, words in (
        ("idea", "/collaborations/?stage=idea", ""),
        ("latest", "/collaborations/?stage=ongoing", "Studenter"),
        ("planned", "/interactions/?status=planned&kind=meeting", ""),
    ):
        page.goto(address)
        path = address.partition("?")[0]
        link = page.locator(f'main li a[href^="{path}"], main tr a[href^="{path}"]').filter(has_text=words)
        found[name] = link.first.get_attribute("href")
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "viewport", [PHONE, DESKTOP, {"width": 320, "height": 640}], ids=["phone", "desktop", "narrow"]
)
def test_pages_are_accessible_and_fit(visit, viewport, dark):
    found, named = {}, {}
    for role, addresses in ((None, PUBLIC), ("administrator", PAGES), ("advisor", ["/calendar/"])):
        page = visit(role, viewport, dark=dark)
        if role == "administrator":
            named = linked(page)
        for address in [one.format(**named) for one in addresses]:
            page.problems.clear()
            status = page.goto(address).status
            problems = [] if status == 200 or "no-such" in address else [f"answers {status}"]
            if viewport["width"] != 320:
                problems += violations(page)
            too_wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if too_wide > 0:
                problems.append(f"is {too_wide} px wider than the screen")
            problems += [p for p in page.problems if "404" not in p]
            if problems:
                found[address] = problems
    assert not found
