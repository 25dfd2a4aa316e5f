"""What is kept of the plans in a process is never older than the database, however it was changed."""

from datetime import date

import pytest
import sqlalchemy as sa

from crm.extensions import db
from crm.plan.models import Plan
from crm.plan.queries import measure_tree, outlines
from tests.support.factories import make_plan, saved


@pytest.fixture
def plan(app):
    return make_plan()


def codes(plan):
    return [one.code for one in outlines().of(plan.id).tree.measures]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE measures SET code = code || 'X'",
        "UPDATE plans SET title = 'Et annet navn'",
        "UPDATE strategies SET letter = 'Z' WHERE letter = 'A'",
        "UPDATE focus_areas SET number = number + 50",
    ],
)
def test_a_change_made_past_the_product_is_seen(plan, change):
    before = outlines()
    db.session.execute(sa.text(change))
    after = outlines()
    assert after is not before
    assert after.plans != before.plans


def test_nothing_is_read_again_while_nothing_changes(plan):
    assert outlines() is outlines()


def test_what_was_taken_back_is_not_kept(plan):
    before = codes(plan)
    savepoint = db.session.begin_nested()
    db.session.execute(sa.text("UPDATE measures SET code = '1.A.9' WHERE code = '1.A.1'"))
    assert "1.A.9" in codes(plan)
    savepoint.rollback()
    assert codes(plan) == before
    db.session.execute(sa.text("UPDATE measures SET code = '1.A.8' WHERE code = '1.A.1'"))
    assert "1.A.8" in codes(plan)
    assert "1.A.9" not in codes(plan)


def test_a_plan_without_content_and_one_that_is_not_there(app):
    saved(Plan(title="Tom", starts_on=date(2040, 1, 1), ends_on=date(2040, 12, 31)))
    (empty,) = outlines().plans
    assert (empty.title, empty.tree.measures, outlines().covering(date(2040, 6, 1))) == ("Tom", [], empty)
    assert measure_tree(987654).focus_areas == ()
