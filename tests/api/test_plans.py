"""Plans, measures, and the report whose numbers are the lists behind it."""

import datetime as dt

import pytest

from crm.plan.models import Target
from crm.web.clock import today
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_plan,
    make_user,
    measure,
    saved,
)

YEAR = today().year


@pytest.fixture
def plan(app):
    return make_plan()


def test_plans_with_their_sizes(api, plan):
    old = make_plan(dt.date(2019, 1, 1), dt.date(2021, 12, 31), shape=((1,),))
    found = api.get("plans").json
    assert [item["id"] for item in found["items"]] == [plan.id, old.id]
    assert found["items"][0].items() >= {
        "state": "active", "focus_areas": 2, "strategies": 3, "sub_strategies": 0, "measures": 6,
        "starts_on": f"{YEAR - 1}-01-01",
    }.items()  # fmt: skip
    assert found["items"][1]["state"] == "closed"
    assert api.get(f"plans/{old.id}").json == found["items"][1]
    assert [item["id"] for item in api.all("plans", limit=1)] == [plan.id, old.id]
    api.get("plans/999", status=404)


def test_plans_cost_the_same_however_many_there_are(api, plan):
    one = len(api.get("plans").statements)
    for year in range(1990, 2000):
        make_plan(dt.date(year, 1, 1), dt.date(year, 12, 31), shape=((1,),))
    assert len(api.get("plans").statements) == one


def test_measures_with_targets(api, call, plan):
    other = make_plan(dt.date(2019, 1, 1), dt.date(2021, 12, 31))
    tagged = measure(plan, "1.B.1")
    tagged.labels = {"nb": "Næringsfond", "en": "Business fund"}
    saved(tagged)
    saved(Target(measure=tagged, kind="interactions", labels={"nb": "Minst ett"}, goal=1, every_year=True))
    found = api.all("measures", limit=5)
    assert len(found) == 12
    ours = api.get("measures", plan=plan.id).json
    assert [item["code"] for item in ours["items"]] == ["1.A.1", "1.A.2", "1.B.1", "1.B.2", "1.B.3", "2.A.1"]
    one = ours["items"][2]
    assert one.items() >= {
        "label": "Business fund", "plan": plan.id, "focus_area": "1", "strategy": "1.B", "status": "ongoing", "lead": None,
    }.items()  # fmt: skip
    assert one["targets"] == [{
        "kind": "interactions", "label": "Minst ett", "goal": 1, "every_year": True, "interaction_kind": None,
        "organisation_kind": None, "due_on": None,
    }]  # fmt: skip
    assert call(role="advisor", language="nb").get("measures/1.B.1").json["label"] == "Næringsfond"
    assert api.get("measures/1.b.1").json == one
    assert api.get("measures/1.B.1", plan=other.id).json["plan"] == other.id
    assert api.get("measures", plan=999).json["items"] == []
    for address in ("measures/9.Z.9", "measures/%00", "measures/1.B.1?plan=999"):
        api.get(address, status=404)
    api.get("measures", status=422, plan="x")


def test_every_number_of_the_report_is_the_list_behind_it(api, call, plan):
    reader = call(role="advisor")
    school, company, advisor = make_organisation(kind="school"), make_organisation(), make_user()
    one, two = measure(plan, "1.A.1"), measure(plan, "1.B.2")
    last_year = dt.date(YEAR - 1, 6, 1)
    make_interaction(measures=[one, two], organisations=[school, company], contacts=[make_contact(at=school)])
    make_interaction(
        measures=[one], starts_on=last_year, organisations=[company], advisors=[advisor], kind="meeting"
    )
    make_interaction(measures=[one], organisations=[company], confidential=True)
    make_interaction(measures=[one], status="planned", organisations=[company])
    make_interaction(organisations=[company])
    for asked in (
        {},
        {"plan": plan.id, "from_": f"{YEAR}-01-01", "to": f"{YEAR}-12-31"},
        {"kind": "meeting"},
        {"organisation_kind": "school", "by": "month"},
        {"advisor": advisor.id, "by": "quarter"},
    ):
        report = api.get("reports/measures", **asked).json
        assert report["plan"] == plan.id
        narrowed = {name: value for name, value in asked.items() if name != "by"} | {
            "status_": "held", "plan": plan.id, "from_": report["from"], "to": report["to"],
        }  # fmt: skip
        assert [row["code"] for row in report["rows"]] == [
            "1.A.1",
            "1.A.2",
            "1.B.1",
            "1.B.2",
            "1.B.3",
            "2.A.1",
        ]
        for row in report["rows"]:
            listed = api.get("interactions", measure=row["code"], **narrowed).json
            assert listed["total"] == row["interactions"] == sum(row["periods"].values()), (asked, row)
            theirs = reader.get("interactions", measure=row["code"], **narrowed).json
            assert theirs["total"] + theirs["confidential_hidden"] == row["interactions"]
        totals = report["totals"]
        assert api.get("interactions", **narrowed).json["total"] == totals["interactions"]
        assert api.get("interactions", tagged="no", **narrowed).json["total"] == totals["untagged"]
    assert api.get("reports/measures").json["totals"] == {
        "interactions": 3, "organisations": 2, "contacts": 1, "untagged": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"plan": 999}, "plan"),
        ({"plan": "x"}, "plan"),
        ({"by": "week"}, "by"),
        ({"kind": "dance"}, "kind"),
        ({"from_": "2026-13-01"}, "from"),
        ({"limit": 5}, "limit"),
    ],
)
def test_reports_that_cannot_be_understood_are_refused(api, plan, query, field):
    assert list(api.get("reports/measures", status=422, **query).errors) == [field]


def test_a_report_without_any_plan(api):
    assert list(api.get("reports/measures", status=422).errors) == ["plan"]
