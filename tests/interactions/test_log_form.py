"""The log form as a browser without JavaScript sends it."""

import re
from datetime import date, timedelta

import pytest

from crm.extensions import db
from crm.interactions.models import FollowUp, Interaction
from crm.organisations.models import Contact
from crm.web.clock import local, today
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_plan,
    make_user,
    measure,
    organisation_number,
    saved,
)

FORM = "#log-form"


def opened(pages, user, query=""):
    return pages.get(f"/interactions/new{query}", user=user)


def only():
    return db.session.query(Interaction).one()


@pytest.fixture
def ready(pages, advisor, company, tag):
    """The form with all that a visit needs."""
    page = opened(pages, advisor, f"?organisation={company.id}")

    def send(**values):
        return page.submit(FORM, **({"measure": [str(tag)], "status": "held"} | values))

    return send


def test_a_visit_is_logged_with_little_typing(ready, advisor, company):
    page = ready(notes="Godt besøk.\n\n- vil vokse")
    assert page.status == 302
    shown = page.follow()
    interaction = only()
    assert page.location == f"/interactions/{interaction.id}"
    assert interaction.title == "Company visit: Aas & Sønn AS"
    assert (interaction.status, interaction.starts_on, interaction.kind) == ("held", today(), "company_visit")
    assert interaction.organisations == [company]
    assert interaction.advisors == [advisor]
    assert shown.texts(".prose li") == ["vil vokse"]
    assert "saved as held" in shown.text


def test_the_generated_title_is_in_the_users_language_and_fits(pages, tag):
    user = make_user()
    organisations = [make_organisation("Å" * 150) for _ in range(2)]
    query = "&".join(f"organisation={one.id}" for one in organisations)
    opened(pages, user, f"?{query}").submit(FORM, measure=[str(tag)], status="held")
    assert only().title.startswith("Bedriftsbesøk: ÅÅ")
    assert len(only().title) == 200


def test_kind_and_organisation_come_from_the_address(pages, advisor, company):
    page = opened(
        pages, advisor, f"?kind=phone_call&organisation={company.id}&organisation=x&organisation=99999999999"
    )
    assert page.one("input[name=kind][checked]").get("value") == "phone_call"
    assert page.one("input[name=organisation]").get("value") == str(company.id)
    assert (
        opened(pages, advisor, "?kind=nonsense").one("input[name=kind][checked]").get("value")
        == "company_visit"
    )


def test_people_of_the_organisation_are_offered(pages, advisor, company, person):
    former = make_contact("Gammel", at=company, ended_on=today() - timedelta(days=9))
    page = opened(pages, advisor, f"?organisation={company.id}")
    assert [e.get("value") for e in page.all("input[name=contact]")] == [str(person.id)]
    assert "Daglig leder" in page.text
    assert str(former.id) not in [e.get("value") for e in page.all("input[name=contact]")]


def test_all_measures_are_there_and_the_likely_ones_first(pages, advisor, company, plan):
    make_interaction(organisations=[company], measures=[measure(plan, "1.B.3")])
    page = opened(pages, advisor, f"?organisation={company.id}")
    assert [e.get("value") for e in page.all("[data-likely] input")] == [str(measure(plan, "1.B.3").id)]
    assert len(page.all("input[name=measure]")) == 6
    assert len({e.get("value") for e in page.all("input[name=measure]")}) == 6


def test_tags_of_an_earlier_plan_suggest_the_measures_that_continue_them(pages, advisor, company, plan):
    year = today().year
    earlier = make_plan(date(year - 5, 1, 1), date(year - 2, 12, 31), shape=((1,),))
    successor = measure(plan, "2.A.1")
    successor.continues_id = measure(earlier, "1.A.1").id
    saved(successor)
    make_interaction(
        organisations=[company], measures=[measure(earlier, "1.A.1")], starts_on=date(year - 2, 6, 1)
    )
    page = opened(pages, advisor, f"?organisation={company.id}")
    assert [e.get("value") for e in page.all("[data-likely] input")] == [str(successor.id)]


def test_without_a_plan_that_covers_the_day_a_draft_can_be_saved(pages, advisor, company):
    page = opened(pages, advisor, f"?organisation={company.id}")
    assert "No action plan covers" in page.text
    refused = page.submit(FORM, status="held")
    assert refused.status == 422
    assert refused.submit(FORM, status="draft").status == 302
    assert only().status == "draft"


def test_finding_an_organisation_by_letters_and_by_number(pages, advisor, plan):
    number = organisation_number(77)
    company = make_organisation("Sørum Mekaniske", organisation_number=number)
    for typed in ("sør", f"{number[:3]} {number[3:6]} {number[6:]}"):
        page = opened(pages, advisor).submit(
            FORM, find="organisation", organisation_query=typed, notes="Står her ennå"
        )
        assert page.status == 200
        assert page.one("input[name=organisation]").get("value") == str(company.id)
        assert page.one("textarea[name=notes]").text.strip() == "Står her ennå"
    chosen = page.submit(FORM, find="update", organisation=[str(company.id)])
    assert chosen.one("input[name=organisation][checked]") is not None
    assert "Company visit: Sørum Mekaniske" in chosen.one("input[name=title]").get("placeholder")
    assert db.session.query(Interaction).count() == 0


def test_finding_other_people_and_advisors(pages, advisor, colleague, company, person):
    stranger = make_contact("Ingeborg", "Fremmed")
    page = opened(pages, advisor, f"?organisation={company.id}")
    page = page.submit(FORM, find="other_contact", other_contact_query="inge", contact=[str(person.id)])
    assert page.one("input[name=other_contact]").get("value") == str(stranger.id)
    assert page.one("input[name=contact][checked]").get("value") == str(person.id)
    page = page.submit(FORM, find="advisor", advisor_query="bjø", other_contact=[str(stranger.id)])
    assert str(colleague.id) in [e.get("value") for e in page.all("input[name=advisor]")]
    saved = page.submit(FORM, status="draft", advisor=[str(advisor.id), str(colleague.id)])
    assert saved.status == 302
    assert {contact.id for contact in only().contacts} == {person.id, stranger.id}
    assert set(only().advisors) == {advisor, colleague}


def test_a_chosen_date_of_another_plan_brings_that_plans_measures(pages, advisor, company, tag):
    year = today().year
    earlier = make_plan(date(year - 5, 1, 1), date(year - 2, 12, 31), shape=((1,),))
    page = opened(pages, advisor, f"?organisation={company.id}")
    page = page.submit(FORM, find="update", date=f"{year - 2}-05-05", measure=[str(tag)])
    assert [e.get("value") for e in page.all("input[name=measure]")] == [str(measure(earlier, "1.A.1").id)]
    assert "1.A.1 is of another plan" in page.text


def test_the_parts_that_htmx_fetches(pages, advisor, company, person, tag):
    page = pages.get(
        f"/interactions/suggestions?organisation={company.id}&kind=meeting&date={today()}&contact={person.id}&measure={tag}",
        user=advisor,
        headers={"HX-Request": "true"},
    )
    assert page.one("#people input[name=contact][checked]").get("value") == str(person.id)
    assert page.one("#measure").get("hx-swap-oob") == "true"
    assert page.one("#measure input[name=measure][checked]").get("value") == str(tag)
    assert len(page.statements) <= 6


def test_new_people_and_a_follow_up_come_with_it(ready, advisor, colleague, company):
    due = today() + timedelta(days=5)
    page = ready(
        **{
            "new_contacts-0-name": "Ola Nordmann Ås",
            "new_contacts-0-title": "Innkjøper",
            "new_contacts-0-phone": "912 34 567",
            "new_contacts-0-email": "OLA@aas.example",
        },
        follow_up_text="Sende oversikt",
        follow_up_due_on=due.isoformat(),
        follow_up_owner=str(colleague.id),
    )
    shown = page.follow()
    (contact,) = only().contacts
    assert (contact.given_name, contact.family_name) == ("Ola Nordmann", "Ås")
    assert (contact.phone, contact.email) == ("+4791234567", "ola@aas.example")
    assert (contact.affiliations[0].title, contact.affiliations[0].organisation) == ("Innkjøper", company)
    follow_up = db.session.query(FollowUp).one()
    assert (follow_up.text, follow_up.due_on, follow_up.owner) == ("Sende oversikt", due, colleague)
    assert "Sende oversikt" in shown.text


def test_one_more_person_can_be_asked_for_without_javascript(ready):
    page = ready(find="new_contacts", **{"new_contacts-0-name": "Ola Ås"})
    assert page.one("input[name=new_contacts-0-name]").get("value") == "Ola Ås"
    saved = page.submit(FORM, status="held", **{"new_contacts-1-name": "Per Dal"})
    assert saved.status == 302
    assert {contact.family_name for contact in only().contacts} == {"Ås", "Dal"}


def test_pressing_save_twice_makes_one(ready):
    values = {"notes": "En gang", "follow_up_text": "Ringe", "new_contacts-0-name": "Ola Ås"}
    first, second = ready(**values), ready(**values)
    assert first.location == second.location
    assert second.status == 302
    assert only().notes == "En gang"
    assert db.session.query(FollowUp).count() == 1
    assert db.session.query(Contact).filter_by(family_name="Ås").count() == 1


def test_going_back_and_saving_something_else_shows_both_and_can_be_saved(ready):
    ready(notes="Første", **{"new_contacts-0-name": "Ola Ås"})
    again = ready(notes="Andre", **{"new_contacts-0-name": "Ola Ås"})
    assert again.status == 422
    assert [again.texts(f".conflict td:nth-child({n})") for n in (2, 3)] == [["Første"], ["Andre"]]
    assert again.one("textarea[name=notes]").text.strip() == "Andre"
    assert again.submit(FORM, status="held").status == 302
    assert only().notes == "Andre"
    assert len(only().contacts) == 1


def test_a_key_of_somebody_elses_form_does_not_lead_to_theirs(pages, ready, colleague, company, tag):
    ready(notes="Mitt")
    key = only().submission_key
    page = opened(pages, colleague, f"?organisation={company.id}")
    answer = page.submit(FORM, submission_key=key, measure=[str(tag)], status="held", notes="Hans")
    assert answer.status == 422
    assert "Mitt" not in answer.text
    assert answer.submit(FORM, status="held").status == 302
    assert db.session.query(Interaction).count() == 2


# --- Bad input: a clear error at the field, and what was typed is still there ------------------------------------------


def errors(page):
    return page.texts(".error-summary li")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"date": (today() + timedelta(days=3)).isoformat()}, "still to come"),
        ({"date": "31.02.2026"}, "Enter a date"),
        ({"date": ""}, "Enter the date it was held"),
        ({"date": "", "starts_at": "10:00"}, "Enter the date that the times belong to"),
        ({"starts_at": "10:00", "ends_at": "09:00"}, "not before the start"),
        ({"ends_at": "09:00"}, "when it began"),
        ({"starts_at": "kl. ti"}, "Enter a time"),
        ({"measure": None}, "at least one measure"),
        ({"measure": ["987654"]}, "does not exist"),
        ({"organisation": None}, "at least one organisation"),
        ({"organisation": ["987654"]}, "does not exist"),
        ({"kind": "introduction"}, "at least two organisations"),
        ({"kind": "seance"}, "what kind"),
        ({"advisor": None}, "at least one advisor"),
        ({"title": "x" * 201}, "200"),
        ({"status": "maybe"}, "draft, planned"),
        ({"new_contacts-0-name": "Ola", "new_contacts-0-email": "ola"}, "e-mail address"),
        ({"new_contacts-0-name": "Ola", "new_contacts-0-phone": "12"}, "telephone number"),
        ({"new_contacts-0-email": "ola@aas.example"}, "name"),
        ({"follow_up_text": "Ringe", "follow_up_due_on": ""}, "when it is due"),
        ({"follow_up_text": "Ringe", "follow_up_due_on": "2020-01-01"}, "has passed"),
        ({"follow_up_text": "x" * 501}, "500"),
    ],
)
def test_bad_input_is_told_and_what_was_typed_stays(ready, values, told):
    page = ready(**({"notes": "Fire gode setninger."} | values))
    assert page.status == 422
    assert any(told in error for error in errors(page)), errors(page)
    assert page.one("textarea[name=notes]").text.strip() == "Fire gode setninger."
    for name, value in values.items():
        if isinstance(value, str) and name not in {"kind", "status"}:
            assert page.fields(FORM)[name] == [value]
    for link in page.all(".error-summary a"):
        assert page.one(link.get("href")) is not None
    assert db.session.query(Interaction).count() == 0


def test_notes_of_200_000_characters_are_refused_and_still_there(ready):
    notes = "æøå\n" * 50_000
    page = ready(notes=notes)
    assert page.status == 422
    assert "200,000" in errors(page)[0] or "199,999" in errors(page)[0]
    assert page.fields(FORM)["notes"][0].replace("\r", "").strip() == notes.strip()


def test_measures_outside_their_plans_period_name_the_plan(ready, plan):
    page = ready(date="2001-05-05")
    assert page.status == 422
    assert any("Plan nå" in error for error in errors(page))


def test_html_and_script_in_notes_do_no_harm(ready):
    page = ready(
        notes="<script>alert(1)</script>\n\n**fet** <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    )
    shown = page.follow()
    assert "<script>alert" not in shown.response.get_data(as_text=True)
    assert shown.texts(".prose strong") == ["fet"]
    assert not shown.all(".prose img, .prose script")
    assert all(not (a.get("href") or "").startswith("javascript") for a in shown.all("a"))


def test_emoji_right_to_left_and_invisible_characters(ready):
    ready(title="Besøk \U0001f9d1\u200d\U0001f52c hos \u202eשלום\u200b", notes="שלום \U0001f3ed")
    assert only().title == "Besøk \U0001f9d1\u200d\U0001f52c hos שלום"
    assert only().notes == "שלום \U0001f3ed"


def test_a_form_from_before_sign_out_is_kept_and_can_be_sent_again(pages):
    answer = pages.post("/interactions/new", {"notes": "Fire setninger", "status": "held"})
    assert answer.status == 400
    assert "Fire setninger" in answer.text
    carried = {e.get("name").removeprefix("typed.") for e in answer.all("main form input[type=hidden]")}
    assert {"notes", "status"} <= carried


# --- Planned, drafts, editing ------------------------------------------------------------------------------------------


def test_a_day_ahead_makes_it_planned(pages, advisor, company):
    ahead = (today() + timedelta(days=8)).isoformat()
    page = opened(pages, advisor, f"?organisation={company.id}").submit(FORM, find="update", date=ahead)
    assert page.texts(".actions-sticky button") == ["Save as planned", "Save draft"]
    assert page.submit(FORM, status="planned").status == 302
    assert only().status == "planned"


def test_without_a_button_the_date_decides(ready):
    ready(status=None)
    assert only().status == "held"


def test_save_draft_keeps_what_there_is(pages, advisor):
    page = opened(pages, advisor).submit(FORM, status="draft", notes="Bare begynnelsen", date="")
    assert page.status == 302
    draft = only()
    assert (draft.status, draft.title, draft.starts_on) == ("draft", "Company visit", None)
    shown = page.follow()
    assert "Finish the draft" in shown.text
    edit = pages.get(f"/interactions/{draft.id}/edit", user=advisor)
    assert edit.fields(FORM)["title"] == [""]
    assert edit.fields(FORM)["notes"][0].strip() == "Bare begynnelsen"


def test_saving_tells_the_browser_to_forget_its_draft(ready):
    page = ready(submission_key="nokkel")
    assert re.search(r"saved_form=nokkel;", page.response.headers["Set-Cookie"])
    assert "HttpOnly" not in page.response.headers["Set-Cookie"]


def test_editing_shows_everything_as_it_is(pages, advisor, colleague, company, person, plan):
    outsider = make_contact("Ute", "Annensted")
    interaction = make_interaction(
        advisors=[advisor, colleague],
        organisations=[company],
        contacts=[person, outsider],
        measures=[measure(plan, "1.A.1"), measure(plan, "2.A.1")],
        notes="Notat",
        place="Hos dem",
        confidential=True,
        title="Egen tittel",
    )
    sent = pages.get(f"/interactions/{interaction.id}/edit", user=advisor).fields(FORM)
    assert sorted(sent["contact"]) == sorted([str(person.id), str(outsider.id)])
    assert sorted(sent["measure"]) == sorted(str(m.id) for m in interaction.measures)
    assert sorted(sent["advisor"]) == sorted([str(advisor.id), str(colleague.id)])
    assert sent["organisation"] == [str(company.id)]
    assert (sent["title"], sent["place"], sent["confidential"]) == (["Egen tittel"], ["Hos dem"], ["y"])
    assert sent["version"] == [str(interaction.version)]


def test_editing_without_a_change_changes_nothing(pages, advisor, company, person, plan):
    interaction = make_interaction(
        advisors=[advisor],
        organisations=[company],
        contacts=[person],
        measures=[measure(plan, "1.A.1")],
        title="Tur",
    )
    version = interaction.version
    page = pages.get(f"/interactions/{interaction.id}/edit", user=advisor)
    assert page.submit(FORM, status="held").status == 302
    assert interaction.version == version


def test_two_advisors_saving_one_record_both_see_both_versions(pages, advisor, colleague, company, plan):
    interaction = make_interaction(
        advisors=[advisor, colleague],
        organisations=[company],
        measures=[measure(plan, "1.A.1")],
        notes="Opphav",
    )
    address = f"/interactions/{interaction.id}/edit"
    hers, his = pages.get(address, user=advisor), pages.get(address, user=colleague)
    assert hers.submit(FORM, status="held", notes="Hennes").status == 302
    both = [str(measure(plan, code).id) for code in ("1.A.1", "1.A.2")]
    late = his.submit(FORM, status="held", notes="Hans", measure=both)
    assert late.status == 422
    rows = [late.texts(f".conflict tbody tr:nth-child({n}) > *") for n in (1, 2)]
    told = {name: versions for name, *versions in rows}
    assert told["Notes"] == ["Hennes", "Hans"]
    assert told["Measures"] == ["1.A.1", "1.A.1, 1.A.2"]
    assert late.fields(FORM)["notes"][0].strip() == "Hans"
    assert interaction.notes == "Hennes"
    assert late.submit(FORM, status="held").status == 302
    assert interaction.notes == "Hans"
    assert len(interaction.measures) == 2


def test_an_edit_sent_twice_is_saved_once_and_is_no_conflict(pages, advisor, company, plan):
    interaction = make_interaction(
        advisors=[advisor], organisations=[company], measures=[measure(plan, "1.A.1")]
    )
    page = pages.get(f"/interactions/{interaction.id}/edit", user=advisor)
    values = {"status": "held", "notes": "Nytt", "follow_up_text": "Ringe", "new_contacts-0-name": "Ola Ås"}
    assert page.submit(FORM, **values).status == 302
    assert page.submit(FORM, **values).status == 302
    assert len(interaction.follow_ups) == 1
    assert len(interaction.contacts) == 1


def test_times_are_kept_in_norwegian_time(ready, pages, advisor):
    ready(starts_at="9", ends_at="10.30")
    interaction = only()
    assert local(interaction.starts_at).strftime("%H:%M") == "09:00"
    sent = pages.get(f"/interactions/{interaction.id}/edit", user=advisor).fields(FORM)
    assert (sent["starts_at"], sent["ends_at"]) == (["09:00"], ["10:30"])


def test_the_form_costs_the_same_however_much_there_is(pages, advisor, company, plan, person):
    def cost():
        return len(opened(pages, advisor, f"?organisation={company.id}").statements)

    before = cost()
    for n in range(12):
        contact = make_contact(at=company)
        make_interaction(
            advisors=[advisor],
            organisations=[company],
            contacts=[contact, person],
            measures=[measure(plan, "1.A.1"), measure(plan, f"1.B.{n % 3 + 1}")],
        )
    assert cost() == before <= 8


def test_readers_log_nothing(pages, reader):
    pages.get("/interactions/new", user=reader, status=403)


def test_only_who_took_part_and_managers_may_edit(pages, colleague, manager, advisor):
    interaction = make_interaction(advisors=[advisor])
    pages.get(f"/interactions/{interaction.id}/edit", user=colleague, status=403)
    pages.get(f"/interactions/{interaction.id}/edit", user=manager)
    assert pages.post(f"/interactions/{interaction.id}/bin", user=colleague).status in {400, 403}
