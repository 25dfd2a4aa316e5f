from datetime import date

import pytest

from crm.collaborations import operations
from crm.extensions import db
from crm.web.clock import today
from tests.support.factories import make_organisation, make_plan, make_user, measure

THIS_YEAR = today().year


@pytest.fixture
def plan(app):
    """It covers last year to next year."""
    return make_plan()


@pytest.fixture
def advisor(app):
    return make_user(name="Kari Nes")


@pytest.fixture
def oslomet(app):
    return make_organisation("OsloMet", kind="university")


@pytest.fixture
def make(app, plan, advisor, oslomet):
    """Makes a collaboration through the operation, as form and API do; initiated on the year's second of January."""

    def make(year=THIS_YEAR - 1, stage="ongoing", *, actor=advisor, continues_id=None, **values):
        begun = date(year, 1, 2) if year and stage != "idea" else None
        made = operations.create_collaboration(
            actor=actor,
            continues_id=continues_id,
            **{
                "year": year,
                "stage": stage,
                "starts_on": begun,
                "title": f"OsloMet {year}",
                "aim": "Studenter i bedrifter",
                "organisation_ids": [oslomet.id],
                "measure_ids": [measure(plan, "1.A.1").id],
                **values,
            },
        )
        db.session.commit()
        return made

    return make
