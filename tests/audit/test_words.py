"""What a reader sees of every audited class, in the log and in the record's own history."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from crm.accounts import models as accounts
from crm.accounts.models import Permission, Role
from crm.audit.descriptions import described
from crm.audit.models import AuditEvent
from crm.audit.recording import Audited, audited_columns, record
from crm.database import Base
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.organisations.operations import add_relation
from tests.audit.told import HISTORIES, TOLD
from tests.audit.told_first_line import INSTEAD
from tests.support.factories import (
    make_follow_up,
    make_interaction,
    make_organisation,
    make_user,
    saved,
)
from tests.support.pages import text_of


@pytest.fixture
def administrator(app):
    return make_user("administrator", name="Astrid Admin", language="en")


@pytest.fixture
def auditor(app, monkeypatch):
    """Somebody who may read the log, but no confidential interactions of others."""
    less = Role.manager.permissions - {Permission.READ_CONFIDENTIAL}
    monkeypatch.setitem(accounts._GRANTS, Role.manager, less)
    return make_user("manager", name="Mona Manager", language="en")


def told(entry):
    """The changes that an entry tells of, by label; "old → new" where there was something before."""
    found = {}
    for row in entry.iter("div"):
        for spoken in row.xpath(".//span"):
            assert spoken.get("class") == "ds-sr-only"
            spoken.text = ""
        label, *values = (text_of(one) for one in row.iter("dt", "del", "ins"))
        found[label] = " → ".join(values)
    return found


def written(kind, action, changes):
    """An event as it stands, though no feature would write it today."""
    db.session.execute(
        sa.insert(AuditEvent).values(subject_type=kind, subject_id=999, action=action, changes=changes)
    )
    db.session.commit()


def newest(page):
    return page.all(".history > li")[0]


def test_every_audited_class_is_here():
    mapped = {m.class_ for m in Base.registry.mappers if issubclass(m.class_, Audited)}
    assert {kind for kind in mapped if kind.__audit_whole__ is None} == TOLD.keys()


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__name__)
def test_the_log_tells_of_every_field_in_words_and_leads_to_the_record(pages, administrator, kind):
    make, name, address = TOLD[kind]
    subject, words = make()
    fields = described(kind.__name__).fields
    held = [fields[field] for field in (*audited_columns(kind), *kind.__audit_parts__)]
    assert len(words) + len(INSTEAD.get(kind, ())) == sum(field is not None for field in held), (
        "the sample leaves fields out"
    )
    page = pages.get("/audit/", user=administrator)
    assert text_of(newest(page)).startswith(f"Created {name} The system")
    assert told(newest(page)) == words
    links = [link.get("href") for link in newest(page).iter("a")]
    assert links == ([address.format(**places(subject))] if address else [])
    for link in links:
        assert pages.get(link, user=administrator, most_statements=12).status == 200


def places(subject):
    return {name: getattr(subject, name) for name in dir(subject) if not name.startswith("_")}


@pytest.mark.parametrize("kind", HISTORIES, ids=lambda kind: kind.__name__)
def test_a_records_own_history_reads_as_the_log_does(pages, administrator, kind):
    make, *_rest = TOLD[kind]
    subject, words = make()
    page = pages.get(HISTORIES[kind].format(**places(subject)), user=administrator)
    assert told(newest(page)) == words
    assert text_of(newest(page)).startswith("Created The system"), "the reader knows which record it is"


def test_in_the_readers_language(pages):
    subject, _words = TOLD[Interaction][0]()
    for language, head, words in (
        ("nb", "Opprettet Aktivitet: Om tomten", {"Fortrolig": "Ja", "Type": "Telefonsamtale"}),
        ("nn", "Oppretta Aktivitet: Om tomten", {"Fortruleg": "Ja", "Type": "Telefonsamtale"}),
    ):
        manager = make_user("manager", language=language)
        for address in ("/audit/?kind=Interaction", f"/interactions/{subject.id}/history"):
            entry = newest(pages.get(address, user=manager))
            assert told(entry).items() >= words.items()
            assert "03.07.2026" in text_of(entry)
        assert text_of(newest(pages.get("/audit/?kind=Interaction", user=manager))).startswith(head)


def test_a_relation_reads_from_each_side(pages, administrator):
    cluster, member = make_organisation("Klyngen"), make_organisation("Berger AS")
    add_relation(
        actor=administrator,
        from_id=member.id,
        to_id=cluster.id,
        kind="member_of",
        started_on=date(2026, 1, 1),
    )
    db.session.commit()
    wanted = {
        member: "Member of: Klyngen (since 1 Jan 2026)",
        cluster: "Has as member: Berger AS (since 1 Jan 2026)",
    }
    log = pages.get("/audit/?kind=Organisation", user=administrator)
    in_log = [told(entry) for entry in log.all(".history > li")[:2]]
    for side, words in wanted.items():
        page = pages.get(f"/organisations/{side.id}/history", user=administrator)
        assert told(newest(page)) == {"Relations": words}
        assert {"Relations": words} in in_log


def test_before_and_after(pages, administrator):
    subject, _words = TOLD[Interaction][0]()
    other = make_organisation("Nes AS")
    subject.status, subject.confidential, subject.place = "cancelled", False, None
    subject.organisations = [subject.organisations[0], other]
    record(subject, actor=administrator)
    db.session.commit()
    assert told(newest(pages.get("/audit/", user=administrator))) == {
        "Status": "Planned → Cancelled",
        "Place": "Rådhuset → (removed)",
        "Confidential": "Yes → No",
        "Organisations": "Heia AS → Nes AS",
    }


def test_what_reads_as_nothing_before_and_after_is_left_out(pages, administrator):
    written("Target", "created", {"interaction_kind": [None, "not_made_yet"], "every_year": [None, False]})
    written("Measure", "created", {"hints": [None, {}], "code": [None, "1.A.1"]})
    entries = pages.get("/audit/", user=administrator).all(".history > li")
    assert [told(entry) for entry in entries[:2]] == [{"Code": "1.A.1"}, {"Every year": "No"}]


def test_a_follow_up_is_told_of_with_its_interaction(pages, administrator):
    subject = make_interaction(title="Om tomten")
    promised = make_follow_up("Sende kart", owner=administrator, interaction=subject)
    promised.done_at = datetime.now(UTC)
    record(promised, actor=administrator, action="done")
    db.session.commit()
    page = pages.get(f"/interactions/{subject.id}/history", user=administrator)
    heads = [text_of(entry) for entry in page.all(".history-head")]
    assert heads[0].startswith("Done Follow-up: Sende kart Astrid Admin")
    assert heads[1].startswith("Created Follow-up: Sende kart The system")
    assert heads[2].startswith("Created The system")


def test_long_texts_are_shortened_and_lists_with_commas_stay_apart(pages, administrator):
    make_organisation("Berger AS", about="Å" * 1000)
    shown = told(newest(pages.get("/audit/", user=administrator)))["About"]
    assert shown == "Å" * 600 + " … (1000 characters)"
    make_interaction(organisations=[make_organisation("Aas, Vik og co"), make_organisation("Nes AS")])
    shown = told(newest(pages.get("/audit/", user=administrator)))["Organisations"]
    assert set(shown.split("; ")) == {"Aas, Vik og co", "Nes AS"}


# --- what is kept from some ---------------------------------------------------------------------------------------


@pytest.fixture
def secret(app):
    advisor = make_user(name="Anne")
    interaction = make_interaction(
        title="Hemmelig salg", place="Hemmelig sted", confidential=True, notes="Hemmelig", advisors=[advisor]
    )
    make_follow_up("Hemmelig løfte", owner=advisor, interaction=interaction)
    return interaction


def test_the_log_keeps_what_is_confidential_from_who_may_not_read_it(pages, secret, auditor):
    for kind, head in (("Interaction", "Interaction: confidential"), ("FollowUp", "Follow-up: confidential")):
        page = pages.get(f"/audit/?kind={kind}", user=auditor)
        (entry,) = page.all(".history > li")
        assert text_of(entry).startswith(f"Created {head} The system")
        assert not told(entry)
        html = page.response.get_data(as_text=True)
        assert "Hemmelig" not in html
        assert f"/interactions/{secret.id}" not in html
    assert "Hemmelig" not in pages.get("/audit/", user=auditor).response.get_data(as_text=True)
    pages.get(f"/interactions/{secret.id}/history", user=auditor, status=403)


def test_those_who_may_read_it_see_it_there(pages, secret, auditor, administrator):
    assert "Hemmelig salg" in pages.get("/audit/", user=administrator).text
    open_to_all = make_interaction(title="Åpent")
    assert open_to_all.title in pages.get("/audit/", user=auditor).text
    secret.author_id = auditor.id
    saved(secret)
    text = pages.get("/audit/", user=auditor).text
    assert "Interaction: Hemmelig salg" in text
    assert "Follow-up: Hemmelig løfte" in text


def test_the_owner_of_a_follow_up_sees_it_but_not_its_interaction(pages, secret, auditor):
    make_follow_up("Ringe banken", owner=auditor, interaction=secret)
    page = pages.get("/audit/", user=auditor)
    assert told(newest(page))["Follow-up"] == "Ringe banken"
    assert told(newest(page))["Interaction"] == "confidential"
    assert "Hemmelig" not in page.text


def test_what_is_not_found_is_kept_from_all_where_some_are_kept_from_some(pages, auditor):
    written("Interaction", "changed", {"title": [None, "Hemmelig"]})
    page = pages.get("/audit/", user=auditor)
    assert text_of(newest(page)).startswith("Changed Interaction: #999")
    assert not told(newest(page))


def test_nobody_is_led_where_they_may_not_go(pages, administrator):
    manager = make_user("manager", language="en")
    user, _words = TOLD[accounts.User][0]()
    link = f'a[href="/users/{user.id}"]'
    assert pages.get("/audit/", user=administrator).all(f".history {link}")
    page = pages.get("/audit/", user=manager)
    assert "User: Kari Nes" in page.text
    assert not page.all(link)


# --- what an earlier version wrote --------------------------------------------------------------------------------


def test_what_has_no_words_any_longer_is_shown_as_it_was_written(pages, administrator):
    written("Vessel", "launched", {"colour": [None, ["red", "blue"]]})
    entry = newest(pages.get("/audit/", user=administrator))
    assert text_of(entry).startswith("launched Vessel: #999 The system")
    assert told(entry) == {"colour": "red, blue"}
    written(
        "Organisation",
        "changed",
        {"kind": ["guild", "school"], "deputy_id": [None, 888], "seal": [None, "x"]},
    )
    entry = newest(pages.get("/audit/", user=administrator))
    assert told(entry) == {"Kind": "guild → School", "Deputy": "#888", "seal": "x"}


# --- what it costs ------------------------------------------------------------------------------------------------


def test_the_log_costs_the_same_however_much_it_tells_of(pages, administrator):
    TOLD[accounts.Unit][0]()
    few = pages.get("/audit/", user=administrator)
    for make, *_rest in TOLD.values():
        if make is not TOLD[accounts.Unit][0]:
            make()
    many = pages.get("/audit/", user=administrator)
    assert len(many.all(".history > li")) > 25
    assert len(many.statements) == len(few.statements)
