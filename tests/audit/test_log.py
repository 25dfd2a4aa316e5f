from datetime import timedelta

import pytest

from crm.audit.recording import record
from crm.extensions import db
from crm.web.clock import today
from tests.support.factories import make_unit, make_user


@pytest.fixture
def manager(app):
    return make_user("manager", name="Mona Manager", language="en")


def test_the_log_tells_who_did_what_to_which(pages, manager):
    unit = make_unit("Næring")
    user = make_user(name="Kari")
    user.unit_id = unit.id
    record(user, actor=manager)
    db.session.commit()
    page = pages.get("/audit/", user=manager)
    first = page.texts(".history > li")[0]
    for words in ("Changed", "User: Kari", "Mona Manager", "Næring"):
        assert words in first


def test_filters(pages, manager):
    other = make_user("manager", name="Ola")
    unit = make_unit("Næring")
    unit.name = "Næring og plan"
    record(unit, actor=other)
    db.session.commit()
    assert len(pages.get("/audit/?kind=Unit", user=manager).all(".history > li")) == 2
    assert len(pages.get(f"/audit/?actor={other.id}", user=manager).all(".history > li")) == 1
    tomorrow = today() + timedelta(days=1)
    assert "Nothing matches" in pages.get(f"/audit/?from={tomorrow}", user=manager).text
    assert pages.get(f"/audit/?from={today()}&to={today():%d.%m.%Y}", user=manager).all(".history > li")
    for nonsense in ("actor=x", "kind=%F0%9F%8C%BC", "from=x&to=y", "actor=99999999999999999999"):
        assert pages.get(f"/audit/?{nonsense}", user=manager).h1 == "Audit log"


def test_page_by_page_nothing_is_left_out_or_twice(pages, manager):
    unit = make_unit("Enhet")
    for n in range(120):
        unit.name = f"Enhet nummer {n}"
        record(unit, actor=manager)
        db.session.commit()
    seen, page = [], pages.get("/audit/?kind=Unit", user=manager)
    while True:
        seen += page.texts(".history > li")
        links = page.all("a[rel='next']")
        if not links:
            break
        page = pages.get(links[0].get("href"), user=manager)
    assert len(seen) == 121
    assert "Enhet nummer 119" in seen[0]


@pytest.mark.parametrize("role", ["reader", "first_line", "advisor"])
def test_not_for_everybody(pages, role):
    pages.get("/audit/", user=make_user(role), status=403)
