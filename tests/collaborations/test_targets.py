"""The measure's page says whether the target of one collaboration a year was met; numbers are those of the report."""

from datetime import date

import pytest

from crm.plan.models import Target
from crm.reports import panels
from crm.web.clock import today
from tests.collaborations.conftest import THIS_YEAR
from tests.support.factories import make_interaction, make_organisation, make_plan, make_user, measure, saved


@pytest.fixture
def plan(app):
    return make_plan(date(THIS_YEAR - 3, 1, 1), date(THIS_YEAR + 1, 12, 31))


def target(plan, **values):
    made = {"kind": "interactions", "goal": 1, "every_year": True, "labels": {"nb": "Ett i året"}} | values
    return saved(Target(measure_id=measure(plan, "1.A.1").id, **made))


@pytest.fixture
def yearly(plan):
    return target(plan, interaction_kind="collaboration")


def shown(pages, plan, user):
    page = pages.get(f"/plan/measures/1.A.1?plan={plan.id}", user=user)
    rows = [
        [" ".join(cell.xpath("string()").split()) for cell in row] for row in page.all("#targets tbody tr")
    ]
    return page, {row[0]: (int(row[1].split()[0]), row[3]) for row in rows}


def test_the_measure_page_tells_year_by_year(pages, make, plan, yearly):
    make(THIS_YEAR - 3, "completed")
    make(THIS_YEAR - 2, "abandoned")
    make(THIS_YEAR - 1, "abandoned", starts_on=None)
    make(THIS_YEAR, "idea", confidential=True)
    user = make_user("reader", language="en")
    page, rows = shown(pages, plan, user)
    assert rows == {
        str(THIS_YEAR): (0, "Not met yet"),
        str(THIS_YEAR - 1): (0, "Not met"),
        str(THIS_YEAR - 2): (1, "Met"),
        str(THIS_YEAR - 3): (1, "Met"),
    }
    for link in page.all("#targets td a"):
        listed = pages.get(link.get("href"), user=user)
        assert len(listed.all("tbody tr")) == int(link.xpath("string()").split()[0])


def test_a_confidential_one_counts(pages, make, plan, yearly):
    make(THIS_YEAR, "initiated", confidential=True)
    page, rows = shown(pages, plan, make_user("reader", language="en"))
    assert rows[str(THIS_YEAR)] == (1, "Met")
    assert "OsloMet" not in page.one("#targets").xpath("string()")


def test_other_kinds_and_what_belongs_to_it_do_not_count(pages, make, plan, yearly, advisor):
    make_interaction(
        starts_on=date(THIS_YEAR - 1, 6, 1),
        measures=[measure(plan, "1.A.1")],
        advisors=[advisor],
        kind="meeting",
    )
    assert shown(pages, plan, make_user(language="en"))[1][str(THIS_YEAR - 1)] == (0, "Not met")


def test_a_target_over_the_plan_and_one_with_a_kind_of_organisation(app, plan, advisor, monkeypatch):
    target(plan, goal=3, every_year=False, organisation_kind="school")
    school = make_organisation(kind="school")
    tags = {"measures": [measure(plan, "1.A.1")], "advisors": [advisor]}
    for year in (THIS_YEAR - 3, THIS_YEAR - 2):
        make_interaction(starts_on=date(year, 6, 1), organisations=[school], **tags)
    make_interaction(starts_on=date(THIS_YEAR - 2, 6, 2), **tags)

    def told(on):
        monkeypatch.setattr(panels, "today", lambda: on)
        targets = panels.measure_numbers(measure(plan, "1.A.1"), None).targets
        return [(one.count, one.goal, one.outcome) for found in targets for one in found.periods]

    with app.test_request_context():
        assert told(today()) == [(2, 3, "under_way")]
        assert told(date(THIS_YEAR + 2, 1, 1)) == [(2, 3, "not_met")]
        assert told(date(THIS_YEAR - 4, 1, 1)) == []
