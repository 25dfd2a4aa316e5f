"""A colleague meets the same firm: said while one plans or logs, and joined in one step without losing a word."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from crm.database import now
from crm.extensions import db
from crm.interactions.joined import JoinedKind, register_joined_kind
from crm.interactions.models import FollowUp, Interaction, InteractionKind
from crm.interactions.queries.collisions import Collision, in_order
from crm.organisations.operations import add_relation
from crm.web.clock import today
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_user,
    measure,
    saved,
)

FORM = "#log-form"
DAY = timedelta(days=1)


def tie(source, target, kind="subsidiary_of", **more):
    add_relation(actor=make_user(), from_id=source.id, to_id=target.id, kind=kind, **more)
    db.session.commit()


@pytest.fixture
def look(pages, advisor, company):
    """What the form for the company says of colleagues: the lines, and the page."""

    def at(user=None, *chosen, **more):
        query = {"organisation": [one.id for one in chosen or (company,)], **more}
        page = pages.get("/interactions/new", user=user or advisor, query=query)
        return page.texts("#collisions li.list-row"), page

    return at


@pytest.fixture
def theirs(colleague, company):
    """The colleague's interaction with the company: planned in three days unless told otherwise."""

    def make(**more):
        values = {
            "title": "Fabrikken",
            "status": "planned",
            "starts_on": today() + 3 * DAY,
            "advisors": [colleague],
            "organisations": [company],
        }
        return make_interaction(**(values | more))

    return make


def collision(number, days=0, tie="same", **more):
    values = {
        "id": number, "kind": "meeting", "status": "held", "title": "Møte", "starts_on": date(2026, 6, 15) + days * DAY,
        "starts_at": None, "confidential": False, "who": "Ola", "organisation_id": 1, "organisation": "Berger AS",
        "tie": tie, "chosen": "Heia AS",
    }  # fmt: skip
    return Collision(**(values | more))


def ids(found):
    return [one.id for one in in_order(found, date(2026, 6, 15))]


def test_the_nearest_in_time_comes_first_before_or_after(app):
    assert ids([collision(1, 20), collision(2, -3), collision(3, 4), collision(4)]) == [4, 2, 3, 1]


def test_on_equal_days_the_organisation_itself_before_its_parent_before_a_subsidiary(app):
    assert ids(
        [collision(1, 2, "subsidiary"), collision(2, 2, "parent"), collision(3, -2), collision(4, 2)]
    ) == [3, 4, 2, 1]


def test_an_interaction_with_several_of_the_family_is_told_once_by_its_closest_tie(app):
    found = in_order(
        [collision(1, 2, "subsidiary"), collision(1, 2, "same"), collision(1, 2, "parent")],
        date(2026, 6, 15),
    )
    assert [(one.id, one.tie) for one in found] == [(1, "same")]


@pytest.mark.parametrize(
    ("tie", "words"),
    [
        ("same", "Berger AS"),
        ("parent", "Berger AS (parent company of Heia AS)"),
        ("subsidiary", "Berger AS (subsidiary of Heia AS)"),
    ],
)
def test_what_the_organisation_is_to_the_chosen_one_is_said(in_english, tie, words):
    assert collision(1, tie=tie).with_whom == words


def test_nothing_is_said_where_nobody_else_meets_them(look):
    lines, page = look()
    assert lines == []
    assert page.one("#collisions").text.strip() == ""


def test_who_when_what_and_with_whom(look, theirs, company):
    made = theirs(
        kind="meeting",
        starts_on=date(2026, 6, 1),
        status="held",
        starts_at=datetime(2026, 6, 1, 10, 0, tzinfo=UTC),
    )
    page = look()[1].submit(FORM, find="update", date="2026-06-20")
    assert page.texts("#collisions li.list-row") == [
        "Fabrikken Held 1 Jun 2026 12:00 Meeting Bjørn Kollega Aas & Sønn AS Join"
    ]
    assert page.one("#collisions a").get("href") == f"/interactions/{made.id}"


def test_thirty_days_before_and_after_the_form_s_date(look, theirs):
    for days in (-31, -30, 30, 31):
        theirs(title=f"Dag {days}", status="held", starts_on=date(2026, 6, 15) + days * DAY)
    page = look()[1].submit(FORM, find="update", date="2026-06-15")
    assert [line.split(" Held")[0] for line in page.texts("#collisions li.list-row")] == ["Dag -30", "Dag 30"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_do_no_harm(look, day):
    assert look()[1].submit(FORM, find="update", date=day).status == 200


def test_only_what_is_planned_or_held_and_not_in_the_bin(look, theirs):
    theirs(status="draft")
    theirs(status="cancelled")
    theirs(deleted_at=now())
    assert look()[0] == []


def test_what_one_takes_part_in_oneself_is_no_news(look, theirs, advisor, colleague):
    theirs(author=advisor)
    theirs(advisors=[colleague, advisor])
    assert look()[0] == []


def test_parent_and_subsidiaries_by_relations_that_hold(look, theirs, company):
    parent, child, former = (make_organisation(name) for name in ("Konsern ASA", "Datter AS", "Solgt AS"))
    tie(company, parent)
    tie(child, company)
    tie(former, company, started_on=date(2020, 1, 1), ended_on=date(2024, 1, 1))
    other = make_organisation("Leietaker AS")
    tie(other, company, "tenant_of")
    for one in (parent, child, former, other):
        theirs(title=f"Hos {one.name}", organisations=[one])
    assert [line.split(" Company visit ")[1] for line in look()[0]] == [
        "Bjørn Kollega Konsern ASA (parent company of Aas & Sønn AS) Join",
        "Bjørn Kollega Datter AS (subsidiary of Aas & Sønn AS) Join",
    ]


def test_three_are_shown_and_the_rest_counted_with_a_way_to_them(look, theirs, company, pages, advisor):
    for n in range(5):
        theirs(title=f"Nummer {n}", starts_on=today() + n * DAY)
    lines, page = look()
    assert [line.split(" Planned")[0] for line in lines] == ["Nummer 0", "Nummer 1", "Nummer 2"]
    assert "and 2 more · All with Aas & Sønn AS in these weeks" in page.text
    link = page.all("#collisions p a")[-1].get("href")
    assert len(pages.get(link, user=advisor).all("tbody tr")) == 5


def test_of_a_confidential_one_only_that_it_is_there(look, theirs, company, manager, colleague, advisor):
    made = theirs(title="Nedleggelse", confidential=True)
    lines, page = look()
    assert lines == []
    shown = page.texts("#collisions")[0]
    assert (
        shown
        == "Colleagues are in touch with them too In these weeks there is also: 1 confidential interaction"
    )
    for secret in ("Nedleggelse", "Bjørn", f"/interactions/{made.id}"):
        assert (
            secret
            not in page.response.get_data(as_text=True)
            .split('id="collisions"')[1]
            .split("</fieldset>")[0]
            .split('id="contact"')[0]
        )
    lines, _page = look(manager)
    assert lines[0].startswith("Nedleggelse Confidential Planned")


def test_htmx_gets_them_too_and_they_cost_one_statement(pages, advisor, company, theirs):
    def fetch(**more):
        return pages.get(
            "/interactions/suggestions",
            query={"organisation": company.id, "kind": "meeting", "date": today().isoformat()} | more,
            user=advisor,
            headers={"HX-Request": "true"},
        )

    before = len(fetch().statements)
    made = theirs()
    page = fetch()
    assert page.one("#collisions").get("hx-swap-oob") == "true"
    assert len(page.all("#collisions li.list-row")) == 1
    assert page.all("#collisions button")
    for n in range(10):
        theirs(advisors=[make_user(), make_user()], title=f"Nummer {n}")
    assert len(fetch().statements) == before <= 6
    assert "Fabrikken" not in fetch(besides=made.id).text
    assert fetch(besides=made.id).all("#collisions button") == []
    assert fetch(besides=made.id, settled="yes").all("#collisions li") == []


def test_the_form_of_a_plan_says_so_too_but_that_of_the_past_does_not(pages, advisor, company, theirs):
    theirs()
    for status, number in (("planned", 1), ("draft", 1), ("held", 0)):
        own = make_interaction(status=status, starts_on=today(), advisors=[advisor], organisations=[company])
        page = pages.get(f"/interactions/{own.id}/edit", user=advisor)
        assert len(page.all("#collisions li.list-row")) == number
        assert page.all("#collisions button") == []
    own = make_interaction(status="planned", advisors=[make_user()], organisations=[company])
    page = pages.get(f"/interactions/{own.id}/edit", user=make_user("manager", language="en"))
    links = [link.get("href") for link in page.all("#collisions .entry-title a")]
    assert links
    assert f"/interactions/{own.id}" not in links


def join(page, made, **values):
    """Press the button in the form as it stands, with what was typed."""
    (button,) = [one for one in page.all("#collisions button") if str(made.id) in one.get("formaction")]
    fields = page.fields(FORM) | {
        name: value if isinstance(value, list) else [value] for name, value in values.items()
    }
    return page.pages.post(button.get("formaction"), fields, user=page.user)


@pytest.fixture
def mail(outbox):
    def read():
        return [
            message_from_bytes(file.read_bytes(), policy=policy.default)
            for file in sorted(outbox.glob("*.eml"))
        ]

    return read


def test_one_click_joins_and_those_who_take_part_are_told(look, theirs, advisor, colleague, events, mail):
    made = theirs()
    page = join(look()[1], made)
    assert page.location == f"/interactions/{made.id}"
    assert "You take part in the interaction." in page.follow().text
    found = db.session.get_one(Interaction, made.id)
    assert {user.id for user in found.advisors} == {advisor.id, colleague.id}
    assert found.version == 2
    event = events(found)[-1]
    assert (event.actor_id, event.changes) == (
        advisor.id,
        {"advisor_participations": [[], [advisor.id]]},
    )
    (message,) = mail()
    assert message["To"].addresses[0].addr_spec == colleague.email
    assert message["Subject"] == "Anne Rådgiver has joined you"
    assert "“Fabrikken”" in message.get_content()
    assert f"http://127.0.0.1:8000/interactions/{made.id}\n" in message.get_content().replace("\r", "")
    assert look()[0] == []
    assert db.session.query(Interaction).count() == 1


def test_mail_about_a_confidential_one_does_not_name_it(look, theirs, manager, mail):
    made = theirs(title="Nedleggelse", confidential=True)
    join(look(manager)[1], made)
    (message,) = mail()
    assert "Nedleggelse" not in message.get_content()
    assert "a confidential interaction of yours" in message.get_content()


def test_what_was_typed_comes_along_ready_to_be_saved(look, theirs, advisor, company, plan, person):
    made = theirs(notes="De bygger ut.", place="Fabrikken", measures=[measure(plan, "1.A.1")])
    other = measure(plan, "1.A.2")
    page = join(
        look()[1],
        made,
        notes="De trenger *folk*.\r\nOg strøm.",
        title="Om vekst",
        place="Kantinen",
        contact=[str(person.id)],
        measure=[str(other.id)],
        follow_up_text="Send kart",
        follow_up_due_on=(today() + 9 * DAY).isoformat(),
        **{"new_contacts-0-name": "Per Ås", "new_contacts-0-phone": "12 34"},
    )
    assert page.status == 200
    assert "What you had written is filled in below. Save to keep it." in page.text
    assert page.one(FORM).get("action") == f"/interactions/{made.id}/edit"
    sent = page.fields(FORM)
    assert sent["notes"] == ["De bygger ut.\n\nOm vekst\nKantinen\nDe trenger *folk*.\nOg strøm."]
    assert sent["new_contacts-0-phone"] == ["12 34"], "not even what cannot be understood"
    page = page.submit(FORM, status="planned", **{"new_contacts-0-phone": "63 80 00 00"})
    assert page.location == f"/interactions/{made.id}"
    found = db.session.get_one(Interaction, made.id)
    assert (found.title, found.place, found.starts_on) == ("Fabrikken", "Fabrikken", today() + 3 * DAY)
    assert [one.code for one in found.measures] == ["1.A.1", "1.A.2"]
    assert {contact.name for contact in found.contacts} == {"Kari Aas", "Per Ås"}
    assert advisor.id in {user.id for user in found.advisors}
    follow_up = db.session.query(FollowUp).one()
    assert (follow_up.text, follow_up.owner_id, follow_up.interaction_id) == (
        "Send kart",
        advisor.id,
        made.id,
    )


def test_notes_that_were_to_be_confidential_stay_so(look, theirs):
    made = theirs()
    page = join(look()[1], made, notes="Hemmelig", confidential="y")
    assert page.one("#confidential").get("checked") is not None


@pytest.mark.parametrize(
    "change",
    [{"status": "cancelled"}, {"status": "draft"}, {"deleted_at": now()}, {"confidential": True}],
    ids=["cancelled", "draft", "bin", "confidential"],
)
def test_one_that_is_gone_meanwhile_is_told_of_and_what_was_typed_stays(
    look, theirs, colleague, change, mail
):
    made = theirs()
    page = look()[1]
    for name, value in change.items():
        setattr(made, name, value)
    saved(made)
    page = join(page, made, notes="De trenger folk.", follow_up_text="Send kart")
    assert page.status == 409
    assert "It can no longer be joined" in page.text
    assert page.one(FORM).get("action") == "/interactions/new"
    assert page.fields(FORM)["notes"] == ["De trenger folk."]
    assert page.fields(FORM)["follow_up_text"] == ["Send kart"]
    assert [user.id for user in db.session.get_one(Interaction, made.id).advisors] == [colleague.id]
    assert mail() == []


def test_what_is_not_there_answers_as_what_may_not_be_read(look, theirs, pages, advisor):
    secret = theirs(confidential=True)
    fields = look()[1].fields(FORM)
    answers = [pages.post(f"/interactions/{one}/join", fields, user=advisor) for one in (secret.id, 10**6)]
    assert [page.status for page in answers] == [409, 409]


def test_joining_twice_changes_nothing(look, theirs, advisor, events):
    made = theirs()
    page = look()[1]
    join(page, made)
    join(page, made)
    found = db.session.get_one(Interaction, made.id)
    assert len(found.advisors) == 2
    assert len([event for event in events(found) if event.actor_id == advisor.id]) == 1


def test_readers_join_nothing(pages, reader, theirs):
    made = theirs()
    fields = pages.get("/profile", user=reader).fields("#details form")
    assert pages.post(f"/interactions/{made.id}/join", fields, user=reader).status == 403


def test_the_author_who_is_editing_meanwhile_sees_both(pages, look, theirs, colleague, advisor):
    made = theirs()
    editing = pages.get(f"/interactions/{made.id}/edit", user=colleague)
    join(look()[1], made)
    page = editing.submit(FORM, notes="Husk hjelm", status="planned")
    assert page.status == 422
    assert page.all(".conflict")
    assert page.fields(FORM)["notes"] == ["Husk hjelm"]


def test_kinds_with_a_page_of_their_own_are_joined_there(look, theirs, monkeypatch):
    monkeypatch.setattr("crm.interactions.joined._joined", {})
    register_joined_kind(
        InteractionKind.collaboration, JoinedKind(made_at="/x", page=lambda identity: f"/x/{identity}")
    )
    theirs(kind="collaboration")
    lines, page = look()
    assert len(lines) == 1
    assert page.all("#collisions button") == []


def test_names_that_look_like_html_do_no_harm(look, theirs, company):
    company.name = "<b>Aas</b>"
    saved(company)
    theirs(title="<script>alert(1)</script>", advisors=[make_user(name="<i>Ola</i>")])
    lines, page = look()
    assert "<script>alert(1)</script>" in lines[0]
    assert page.all("#collisions script") == []


def test_people_of_the_other_meeting_are_still_there(look, theirs, company):
    met = make_contact("Per", "Vik", at=make_organisation())
    made = theirs(contacts=[met])
    page = join(look()[1], made, notes="Ja")
    assert str(met.id) in [*page.fields(FORM).get("contact", []), *page.fields(FORM).get("other_contact", [])]
