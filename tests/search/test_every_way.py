"""Whatever way something is written, it is found at once, and no longer when it is gone: form, API, import, merge, bin."""

import pytest

from crm.extensions import db
from crm.organisations.models import Organisation
from crm.organisations.operations.merging import ORGANISATIONS, merge, unmerge
from crm.plan.operations.catalogue import load_catalogue_plan
from tests.support.api import Api
from tests.support.factories import make_organisation, make_user


@pytest.fixture
def advisor(app):
    return make_user("advisor", language="en")


def test_the_form_the_bin_and_back(pages, advisor, titles):
    form = pages.get("/organisations/new", user=advisor)
    form.submit(name="Sørumsand Trevare AS", kind="company", phone="63 80 11 22")
    assert titles("soerumsand trevarr") == titles("80 11 22") == ["Sørumsand Trevare AS"]
    identity = db.session.query(Organisation.id).scalar()
    page = pages.get(f"/organisations/{identity}/edit", user=advisor)
    page.submit(name="Fet Snekkeri AS", phone="")
    assert titles("fet snekker") == ["Fet Snekkeri AS"]
    assert titles("80 11 22") == []
    shown = pages.get(f"/organisations/{identity}", user=advisor)
    shown.submit(form='form[action$="/bin"]')
    assert titles("snekkeri") == []
    pages.get(f"/organisations/{identity}", user=advisor).submit(form='form[action$="/restore"]')
    assert titles("snekkeri") == ["Fet Snekkeri AS"]


def test_the_api(app, titles):
    api = Api(app, make_user("manager", language="en"), "write")
    made = api.post("organisations", {"name": "Nitelva Padling", "kind": "association"})
    assert titles("nitelva padlng") == ["Nitelva Padling"]
    address = f"organisations/{made.json['id']}"
    api.patch(address, {"name": "Glomma Padling"}, etag=made.etag)
    assert titles("glomma") == ["Glomma Padling"]
    assert titles("nitelva") == []


def test_an_imported_plan(app, titles, advisor):
    assert titles("1.B.1") == []
    load_catalogue_plan(actor=advisor)
    db.session.commit()
    (title,) = titles("1.B.1")
    assert title.startswith("1.B.1 ")


def test_what_was_merged_is_found_as_what_it_became(app, titles, advisor):
    keeps = make_organisation("Kjeller Data AS", organisation_number="974760673")
    goes = make_organisation("Gamle Kjeller Regnemaskiner", organisation_number="923609016")
    merge(ORGANISATIONS, keeps, goes, actor=advisor, chosen=())
    db.session.commit()
    assert titles("regnemaskiner") == titles("923 609 016") == titles("609016") == ["Kjeller Data AS"]
    unmerge(ORGANISATIONS, goes, actor=advisor)
    db.session.commit()
    assert titles("regnemaskiner") == titles("923609016") == ["Gamle Kjeller Regnemaskiner"]
