"""The plan's pages, as their readers meet them."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.extensions import db
from crm.plan import operations
from crm.plan.models import Measure, Plan
from crm.web.clock import today
from tests.plan.outline import TEXT, contents, plan_text
from tests.support.factories import make_interaction, make_plan, make_user, measure
from tests.support.pages import text_of

PERIOD = {"starts_on": date(2031, 1, 1), "ends_on": date(2034, 12, 31)}
DOCUMENT = TEXT.encode()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


@pytest.fixture
def manager():
    return make_user("manager", language="en")


@pytest.fixture
def reader():
    return make_user("reader", language="en")


@pytest.fixture
def fjellvik(app):
    outcome = operations.import_plan(document=plan_text(), title="Fjellvik", **PERIOD, actor=None)
    db.session.commit()
    return outcome.plan


def upload(pages, user, content=DOCUMENT, name="fjellvik-2031-2034.txt", **typed):
    page = pages.get("/plan/import", user=user)
    fields = page.fields("main form") | typed
    if content is not None:
        fields["document"] = (io.BytesIO(content), name)
    return pages.post("/plan/import", fields, user=user, content_type="multipart/form-data")


def link_texts(page):
    return [text_of(a) for a in page.all("main a")]


# --- reading -----------------------------------------------------------------------------------------------------


def test_no_plan_at_all_leads_on(pages, manager, reader):
    page = pages.get("/plan/", user=manager)
    assert page.one("main a[href='/plan/import']") is not None
    assert not pages.get("/plan/", user=reader).all("main a[href='/plan/import']")
    pages.get("/plan/?plan=1", user=reader, status=404)


def test_the_plan_in_force_is_shown_with_its_tree(pages, reader):
    make_plan(date(2010, 1, 1), date(2012, 12, 31), title="Gammel plan")
    plan = make_plan(title="Dagens plan", shape=((2, 3), (1,)))
    page = pages.get("/plan/", user=reader)
    assert page.h1 == "Dagens plan"
    assert [text_of(h) for h in page.all("main h2")] == ["1 Område 1", "2 Område 2"]
    assert len(page.all(f"main a[href^='/plan/measures/'][href$='plan={plan.id}']")) == 6
    assert "No plan covers today" not in page.text
    assert "Gammel plan" in link_texts(page)


def test_a_plan_is_chosen_by_its_id(pages, reader):
    old = make_plan(date(2010, 1, 1), date(2012, 12, 31), title="Gammel plan")
    make_plan()
    assert pages.get(f"/plan/?plan={old.id}", user=reader).h1 == "Gammel plan"
    for wrong in ("999999", "x", "-1", "99999999999999999999", "٣"):
        pages.get("/plan/", user=reader, query={"plan": wrong}, status=404)


def test_the_official_wording_comes_on_demand(pages, reader, fjellvik):
    page = pages.get("/plan/", user=reader)
    assert "Male stolpene." not in page.text
    page = pages.get(f"/plan/?plan={fjellvik.id}&wording=1", user=reader)
    assert "Male stolpene." in page.text


def test_where_no_plan_covers_today_managers_are_led_to_the_next_one(pages, manager, reader):
    old = make_plan(date(2010, 1, 1), date(2012, 12, 31))
    page = pages.get("/plan/", user=manager)
    assert "No plan covers today" in page.text
    assert page.all(f"main .ds-alert a[href='/plan/continue?plan={old.id}']")
    page = pages.get("/plan/", user=reader)
    assert "No plan covers today" in page.text
    assert not page.all("main .ds-alert a")


def test_each_number_leads_to_what_is_behind_it(pages, reader):
    plan = make_plan()
    both = [measure(plan, "1.A.1"), measure(plan, "1.A.2")]
    make_interaction(measures=both)
    make_interaction(measures=both[:1])
    page = pages.get("/plan/", user=reader)

    def number(query):
        return text_of(page.one(f"main a.count-link[href$='{query}']")).split()[0]

    assert number(f"measure=1.A.1&plan={plan.id}") == "2"
    assert number(f"measure=1.A.2&plan={plan.id}") == "1"
    assert number(f"measure=1.B.1&plan={plan.id}") == "0"
    assert number(f"strategy=1.A&plan={plan.id}") == "2"
    assert number(f"focus_area=1&plan={plan.id}") == "2"
    page = pages.get(f"/plan/strategies/1.A?plan={plan.id}", user=reader)
    assert number(f"strategy=1.A&plan={plan.id}") == "2"


def test_a_strategy_has_its_sub_strategies_and_measures(pages, reader, fjellvik):
    page = pages.get(f"/plan/strategies/1.A?plan={fjellvik.id}", user=reader)
    assert page.h1 == "Havn og kai"
    assert "Holde farleden åpen." in page.text
    assert "Holde frokostmøte på kaia." in page.text
    assert not page.all("a[rel=prev]")
    assert page.one("a[rel=next]").get("href") == f"/plan/strategies/1.B?plan={fjellvik.id}"
    for code in ("9.A", "1.Z", "1", "x", "1.A.1", "१.A"):
        pages.get(f"/plan/strategies/{code}", user=reader, status=404)


def test_a_measure_has_wording_labels_and_neighbours(pages, reader, fjellvik):
    page = pages.get(f"/plan/measures/1.A.3?plan={fjellvik.id}", user=reader)
    assert page.h1 == "Holde frokostmøte på kaia"
    assert "Holde frokostmøte på kaia." in page.text
    assert "Ongoing" in page.text
    assert page.one("a[rel=prev]").get("href") == f"/plan/measures/1.A.2?plan={fjellvik.id}"
    assert page.one("a[rel=next]").get("href") == f"/plan/measures/1.B.1?plan={fjellvik.id}"
    assert not page.all("main a[href^='/plan/measures/1.A.3/edit']")
    pages.get("/plan/measures/7.A.1", user=reader, status=404)
    pages.get("/plan/measures/1.A.3?plan=999", user=reader, status=404)


def test_a_measures_address_without_plan_means_the_current_one(pages, reader, fjellvik):
    plan = make_plan()
    assert pages.get("/plan/measures/1.A.1", user=reader).h1 == measure(plan, "1.A.1").label("en")


def test_targets_read_as_sentences_and_the_series_is_linked(pages, reader):
    old = operations.load_catalogue_plan()
    year = today().year
    new = operations.continue_plan(
        plan_id=old.id, title="Neste", starts_on=date(2025, 1, 1), ends_on=date(year + 1, 12, 31), actor=None
    )
    db.session.commit()
    said = {
        "1.B.3": "At least 1 interaction a year",
        "2.A.2": "100 per cent reached in the plan's period",
        "1.A.1": f"Done by 31 Dec {year + 1}",
        "1.C.4": "A reading of at least 500",
    }
    for code, words in said.items():
        assert words in pages.get(f"/plan/measures/{code}", user=reader).text
    page = pages.get("/plan/measures/1.B.3", user=reader)
    assert page.one(f"main p a[href='/plan/measures/1.B.3?plan={old.id}']") is not None
    page = pages.get(f"/plan/measures/1.B.3?plan={old.id}", user=reader)
    assert page.one(f"main p a[href='/plan/measures/1.B.3?plan={new.id}']") is not None


def test_pages_cost_the_same_whatever_the_plans_size(pages, reader):
    small = make_plan(date(2010, 1, 1), date(2010, 12, 31), shape=((1,),))
    large = make_plan(date(2011, 1, 1), date(2011, 12, 31), shape=((5, 5, 5), (5, 5, 5), (5, 5, 5)))
    for path in ("/plan/?plan={}", "/plan/strategies/1.A?plan={}", "/plan/measures/1.A.1?plan={}"):
        counts = [len(pages.get(path.format(plan.id), user=reader).statements) for plan in (small, large)]
        assert counts[0] == counts[1], path


# --- editing a measure -------------------------------------------------------------------------------------------


def test_a_measure_is_edited(pages, manager, reader):
    plan = make_plan()
    lead = make_user("advisor", name="Kari Leder")
    form = pages.get("/plan/measures/1.A.1/edit", user=manager)
    done = form.submit(label_nb="Nytt navn", label_en="New name", status="done", lead_id=str(lead.id))
    assert done.status == 302
    page = done.follow()
    assert page.h1 == "New name"
    assert "Kari Leder" in page.text
    history = pages.get(page.one("main a[href*='/history']").get("href"), user=manager)
    assert "Merkelapp 1A1" in history.text
    assert "Kari Leder" in history.text
    assert "Done" in history.text
    saved = measure(plan, "1.A.1")
    assert (saved.labels, saved.status, saved.lead_id) == (
        {"nb": "Nytt navn", "en": "New name"},
        "done",
        lead.id,
    )
    for page in ("edit", "history"):
        pages.get(f"/plan/measures/1.A.1/{page}", user=reader, status=403)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"label_nb": ""}, "Enter a short label in bokmål"),
        ({"label_nb": "x" * 61}, "at most 60 characters"),
        ({"label_en": "y" * 61}, "at most 60 characters"),
        ({"status": "lost"}, ""),
        ({"lead_id": "999999"}, ""),
    ],
)
def test_a_wrong_value_is_told_at_its_field_and_kept(pages, manager, values, error):
    plan = make_plan()
    page = pages.get("/plan/measures/1.A.1/edit", user=manager).submit(label_nn="Nynorsk namn", **values)
    assert page.status == 422
    assert error in page.text
    (name,) = values
    assert page.one(f"#{name}-error") is not None
    assert page.one("#label_nn").get("value") == "Nynorsk namn"
    assert measure(plan, "1.A.1").version == 1


def test_the_second_to_save_sees_both_and_loses_nothing(pages, manager):
    plan = make_plan()
    other = make_user("administrator", language="en")
    mine = pages.get("/plan/measures/1.A.1/edit", user=manager)
    pages.get("/plan/measures/1.A.1/edit", user=other).submit(label_nb="Deres", status="dropped")
    page = mine.submit(label_nb="Mitt")
    assert page.status == 409
    assert page.one("#label_nb").get("value") == "Mitt"
    assert "Deres" in page.text
    assert "Dropped" in page.text
    assert page.submit().status == 302
    assert measure(plan, "1.A.1").label("nb") == "Mitt"


# --- importing ---------------------------------------------------------------------------------------------------


def test_upload_preview_confirm_page(pages, manager):
    preview = upload(pages, manager)
    assert preview.status == 200
    assert preview.one("#title").get("value") == "Handlingsplan for Fjellvik"
    assert preview.one("#starts_on").get("value") == "2031-01-01"
    assert len(preview.all("main tbody tr")) == len(plan_text().rows())
    row = preview.one("#line-14")
    assert "Holde frokostmøte på kaia." in text_of(row)
    assert [text_of(td) for td in row.iter("td")] == ["Measure 1.A.3", "Line 14"]
    assert db.session.scalars(select(Plan)).all() == []
    done = preview.submit(title="Vår egen tittel")
    assert done.status == 302
    page = done.follow()
    assert page.h1 == "Vår egen tittel"
    assert "The plan was imported." in page.text
    plan = db.session.scalars(select(Plan)).one()
    assert [m.wording for m in plan.measures] == [m.wording for m in plan_text().measures()]


def test_what_was_typed_wins_over_what_the_document_says(pages, manager):
    preview = upload(pages, manager, title="Min tittel", starts_on="1.7.2031", ends_on="30.06.2035")
    assert preview.one("#title").get("value") == "Min tittel"
    assert preview.one("#starts_on").get("value") == "2031-07-01"
    assert preview.one("#ends_on").get("value") == "2035-06-30"


def test_a_plan_that_is_there_is_updated(pages, manager, fjellvik):
    preview = upload(pages, manager)
    assert "This updates a plan" in preview.text
    page = preview.submit().follow()
    assert "The plan was updated with the document's wording." in page.text
    assert len(db.session.scalars(select(Plan)).all()) == 1


def test_a_document_without_title_leaves_the_plan_its_own(pages, manager, fjellvik):
    untitled = TEXT.partition("\n")[2].encode()
    assert upload(pages, manager, untitled).one("#title").get("value") == "Fjellvik"
    assert (
        upload(pages, manager, untitled, name="ny_plan-2041-2042.txt").one("#title").get("value")
        == "Ny plan 2041–2042"
    )


def test_a_picture_is_told_at_the_field_and_what_was_typed_stays(pages, manager):
    page = upload(
        pages, manager, PNG, "plan.txt", title="Min tittel", starts_on="2031-01-01", ends_on="2034-12-31"
    )
    assert page.status == 422
    assert "This is a picture" in text_of(page.one("#document-error"))
    assert page.one("#title").get("value") == "Min tittel"
    assert page.one("#ends_on").get("value") == "2034-12-31"


def test_a_document_that_cannot_be_read_gives_line_and_reason(pages, manager):
    broken = TEXT.replace("Strategi B: Fisk", "Strategi A: Fisk")
    page = upload(pages, manager, broken.encode())
    assert page.status == 422
    assert text_of(page.one("#document-error")).startswith("Line 15: ")
    assert contents()["Plan"] == []


def test_a_missing_file_and_a_wrong_date_are_told(pages, manager):
    page = upload(pages, manager, None, title="Min tittel", starts_on="31.2.2031")
    assert page.status == 422
    assert page.one("#starts_on").get("value") == "31.2.2031"
    assert "Choose the document" in text_of(page.one("#document-error"))
    page = upload(pages, manager, starts_on="31.2.2031")
    assert "again" in text_of(page.one("#document-error"))


def test_a_period_that_nothing_gives_is_asked_for_in_the_preview(pages, manager):
    preview = upload(pages, manager, name="plan.txt")
    assert preview.status == 422
    assert preview.one("#starts_on-error") is not None
    done = preview.submit(starts_on="2031-01-01", ends_on="2034-12-31")
    assert done.status == 302


def test_an_overlap_is_told_in_the_preview_and_can_be_mended_there(pages, manager):
    make_plan(date(2034, 1, 1), date(2036, 12, 31), title="Planen i veien")
    before = contents()
    preview = upload(pages, manager)
    assert preview.status == 422
    assert "Planen i veien" in text_of(preview.one("#starts_on-error"))
    again = preview.submit()
    assert again.status == 422
    assert contents() == before
    assert again.submit(ends_on="2033-12-31").status == 302


def test_other_codes_are_refused_and_change_nothing(pages, manager, fjellvik):
    before = contents()
    page = upload(pages, manager, TEXT.replace("- Male stolpene.\n", "- Male stolpene.\n- Smøre.\n").encode())
    assert page.status == 422
    assert "2.A.2" in page.text
    assert page.submit().status == 422
    assert contents() == before


def test_the_preview_cannot_be_changed_in_the_browser_nor_used_by_another(pages, manager):
    preview = upload(pages, manager)
    sealed = preview.fields("main form")["sealed"][0]
    for forged in (sealed[:-3] + "abc", "x", "", "." + sealed):
        page = preview.submit(sealed=forged)
        assert page.status == 302
        assert page.location == "/plan/import"
    other = make_user("administrator")
    theirs = upload(pages, other)
    assert theirs.submit(sealed=sealed).location == "/plan/import"
    assert db.session.scalars(select(Plan)).all() == []


def test_a_preview_grows_too_old(pages, manager, monkeypatch):
    preview = upload(pages, manager)
    monkeypatch.setattr("crm.plan.sealing.SECONDS", -1)
    assert "The preview is too old" in preview.submit().follow().text


def test_a_text_too_long_to_carry_is_refused(pages, manager, monkeypatch):
    monkeypatch.setattr("crm.plan.sealing.MOST_CHARACTERS", 100)
    assert upload(pages, manager).status == 422


def test_script_in_a_document_is_shown_as_text(pages, manager):
    page = upload(pages, manager, TEXT.replace("Male stolpene.", "<script>alert(1)</script> Male.").encode())
    assert "<script>alert(1)</script> Male." in page.text
    assert page.submit().status == 302


def test_templates_can_be_fetched_and_filled_in(pages, manager):
    for ending in ("xlsx", "csv"):
        answer = pages.get(f"/plan/import/template.{ending}", user=manager).response
        assert answer.headers["Content-Disposition"].startswith("attachment")
        preview = upload(pages, manager, answer.data, f"mal-2031-2034.{ending}")
        assert preview.status == 200
        assert "Company visits" in preview.text
    page = preview.submit().follow()
    assert "Company visits" in page.text
    pages.get("/plan/import/template.exe", user=manager, status=404)


def test_only_who_may_edit_the_plan_imports(pages, reader):
    for path in ("/plan/import", "/plan/continue", "/plan/import/template.csv"):
        pages.get(path, user=reader, status=403)


# --- the next plan -----------------------------------------------------------------------------------------------


def test_the_next_plan_is_made_from_this_one(pages, manager):
    old = make_plan(date(2022, 1, 1), date(2024, 12, 31), title="Plan 2022–2024")
    page = pages.get(f"/plan/continue?plan={old.id}", user=manager)
    assert page.one("#title").get("value") == "Plan 2025–2027"
    assert page.one("#starts_on").get("value") == "2025-01-01"
    ends_on = max(date(2028, 12, 31), today() + timedelta(days=1))
    done = page.submit(ends_on=ends_on.isoformat()).follow()
    assert done.h1 == "Plan 2025–2027"
    assert "No plan covers today" not in done.text
    codes = db.session.execute(
        select(Measure.code, Measure.continues_id).where(Measure.plan_id != old.id)
    ).all()
    assert len(codes) == 6
    assert all(continues for _, continues in codes)


def test_the_next_plan_cannot_overlap(pages, manager):
    old = make_plan(date(2022, 1, 1), date(2024, 12, 31), title="Plan 2022–2024")
    page = pages.get(f"/plan/continue?plan={old.id}", user=manager).submit(starts_on="2024-12-31")
    assert page.status == 422
    assert "Plan 2022–2024" in text_of(page.one("#starts_on-error"))
    page = page.submit(starts_on="2025-01-01", ends_on="2024-12-31")
    assert page.one("#ends_on-error") is not None
    assert len(db.session.scalars(select(Plan)).all()) == 1
