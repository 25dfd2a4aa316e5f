"""What an interaction gave a hint of, and what came of an introduction."""

from datetime import date, timedelta

import pytest

from crm.extensions import db
from crm.interactions import operations
from crm.interactions.models import Interaction, InteractionSignal
from crm.interactions.queries import InteractionFilter, InteractionQuery
from crm.interactions.vocabulary import Outcome, Signal
from crm.plan.models import Measure
from crm.web.clock import today
from crm.web.validation import Invalid
from tests.support.api import Api
from tests.support.factories import make_interaction, make_organisation, make_user, measure
from tests.support.pages import text_of

DAY = timedelta(days=1)


def signals_of(interaction):
    return sorted(noted.signal for noted in db.session.get_one(Interaction, interaction.id).signals)


def noted(*signals, **fields):
    return make_interaction(signals=[InteractionSignal(signal=one) for one in signals], **fields)


@pytest.fixture
def introduction(advisor, plan):
    return make_interaction(
        title="To som bør møtes",
        kind="introduction",
        starts_on=today() - 10 * DAY,
        advisors=[advisor],
        organisations=[make_organisation("Aas AS"), make_organisation("Bo AS")],
        measures=[measure(plan, "1.A.1")],
    )


def measure_of(identity):
    return db.session.get_one(Measure, identity)


# --- signals ---


def test_signals_are_ticked_in_the_log_form_and_shown(pages, advisor, company, tag, events):
    form = pages.get(f"/interactions/new?organisation={company.id}", user=advisor)
    assert form.one("details.signals").get("open") is None, "it lengthens nobody's form"
    assert len(form.all("input[name=signal]")) == len(Signal)
    done = form.submit(
        "#log-form", measure=[str(tag)], signal=["needs_premises", "recruiting"], status="held"
    )
    made = db.session.query(Interaction).one()
    assert signals_of(made) == ["needs_premises", "recruiting"]
    page = done.follow()
    assert page.texts("[aria-label=Signals] li") == ["Needs premises", "Is recruiting"]
    (created,) = events(made)
    assert created.changes["signals"] == [[], ["needs_premises", "recruiting"]]

    form = pages.get(f"/interactions/{made.id}/edit", user=advisor)
    assert form.one("details.signals").get("open") is not None
    assert form.fields("#log-form")["signal"] == ["needs_premises", "recruiting"]
    form.submit("#log-form", signal=["recruiting", "spin_off"], status="held")
    assert signals_of(made) == ["recruiting", "spin_off"]
    changed = events(made)[-1]
    assert changed.changes == {"signals": [["needs_premises"], ["spin_off"]]}
    history = pages.get(f"/interactions/{made.id}/history", user=make_user("manager", language="en"))
    assert "Needs premises" in history.text
    assert "Spin-off on its way" in history.text

    form = pages.get(f"/interactions/{made.id}/edit", user=advisor)
    form.submit("#log-form", signal=None, status="held")
    assert signals_of(made) == []


def test_a_change_of_something_else_leaves_what_was_noted(advisor, company, tag):
    made = noted("moving_out", advisors=[advisor], organisations=[company], measures=[measure_of(tag)])
    operations.update_interaction(made, actor=advisor, version=made.version, title="Nytt navn")
    db.session.commit()
    assert signals_of(made) == ["moving_out"]


def test_an_unknown_signal_is_refused_and_the_rest_stays(pages, advisor, company, tag):
    form = pages.get(f"/interactions/new?organisation={company.id}", user=advisor)
    page = form.submit("#log-form", measure=[str(tag)], signal=["tired"], notes="Står her", status="held")
    assert page.status == 422
    assert "Choose signals from the list" in page.text
    assert page.fields("#log-form")["notes"] == ["Står her"]
    assert db.session.query(Interaction).count() == 0


def test_whoever_saves_second_sees_both_choices_of_signals(pages, advisor, colleague, company, tag):
    made = noted(
        "recruiting", advisors=[advisor, colleague], organisations=[company], measures=[measure_of(tag)]
    )
    mine = pages.get(f"/interactions/{made.id}/edit", user=advisor)
    theirs = pages.get(f"/interactions/{made.id}/edit", user=colleague)
    theirs.submit("#log-form", signal=["recruiting", "spin_off"], status="held")
    page = mine.submit("#log-form", signal=["procurement"], status="held")
    assert page.status == 422
    compared = {
        text_of(row.find("th")): [text_of(cell) for cell in row.iter("td")]
        for row in page.all(".conflict tbody tr")
    }
    assert compared == {"Signals": ["Is recruiting, Spin-off on its way", "Interested in procurement"]}
    page.submit("#log-form", status="held")
    assert signals_of(made) == ["procurement"]


def test_the_same_form_sent_twice_notes_once(pages, advisor, company, tag):
    form = pages.get(f"/interactions/new?organisation={company.id}", user=advisor)
    first = form.submit("#log-form", measure=[str(tag)], signal=["spin_off", "recruiting"], status="held")
    again = form.submit("#log-form", measure=[str(tag)], signal=["spin_off", "recruiting"], status="held")
    assert first.location == again.location
    assert db.session.query(InteractionSignal).count() == 2


def test_the_list_is_narrowed_to_a_signal(pages, advisor):
    noted("recruiting", title="Med")
    noted("spin_off", title="Annet")
    make_interaction(title="Uten")
    page = pages.get("/interactions/?signal=recruiting", user=advisor)
    assert page.texts("main tbody th") == ["Med"]
    assert page.one("#filter-signal option[selected]").get("value") == "recruiting"


def test_the_organisations_page_has_its_signals_of_two_years(pages, advisor, reader, company):
    noted("recruiting", organisations=[company], starts_on=today() - 5 * DAY)
    noted("recruiting", organisations=[company], starts_on=today() - 90 * DAY)
    noted("spin_off", organisations=[company], starts_on=today() - 740 * DAY)
    noted("procurement", organisations=[company], status="cancelled")
    noted("moving_out", organisations=[company], confidential=True, advisors=[advisor])
    page = pages.get(f"/organisations/{company.id}", user=reader)
    (tag,) = page.all("[aria-label='Signals of the last two years'] a")
    assert text_of(tag).startswith("Is recruiting")
    assert tag.find("time").get("datetime") == (today() - 5 * DAY).isoformat()
    assert len(pages.get(tag.get("href"), user=reader).all("main tbody tr")) == 2
    assert "moving out" not in page.text
    mine = pages.get(f"/organisations/{company.id}", user=advisor)
    assert len(mine.all("[aria-label='Signals of the last two years'] li")) == 2


# --- what came of an introduction ---


def test_it_is_told_on_the_page_and_kept_in_the_history(pages, advisor, introduction, events):
    page = pages.get(f"/interactions/{introduction.id}", user=advisor)
    form = "#what-came-of-it form"
    assert page.fields(form)["outcome_on"] == [today().isoformat()]
    done = page.submit(form, outcome="cooperation", outcome_note="Deler  verksted")
    assert done.location == f"/interactions/{introduction.id}#what-came-of-it"
    kept = db.session.get_one(Interaction, introduction.id)
    assert (kept.outcome, kept.outcome_note, kept.outcome_on) == ("cooperation", "Deler verksted", today())
    shown = pages.get(f"/interactions/{introduction.id}", user=advisor)
    assert "They cooperate Deler verksted" in shown.text
    assert events(introduction)[-1].changes.keys() == {"outcome", "outcome_note", "outcome_on"}
    listed = pages.get("/interactions/?outcome=something", user=advisor)
    assert "Introduction: They cooperate" in listed.text
    shown.submit(form, outcome="", outcome_note="")
    kept = db.session.get_one(Interaction, introduction.id)
    assert (kept.outcome, kept.outcome_note, kept.outcome_on) == (None, None, None)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"outcome": "", "outcome_note": "Snakket sammen"}, "outcome"),
        ({"outcome": "married"}, "outcome"),
        ({"outcome": "nothing", "outcome_on": ""}, "outcome_on"),
        ({"outcome": "nothing", "outcome_on": "31.02.2026"}, "outcome_on"),
        ({"outcome": "nothing", "outcome_on": (today() + DAY).isoformat()}, "outcome_on"),
        ({"outcome": "nothing", "outcome_on": (today() - 11 * DAY).isoformat()}, "outcome_on"),
        ({"outcome": "nothing", "outcome_note": "x" * 501}, "outcome_note"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(pages, advisor, introduction, typed, field):
    page = pages.get(f"/interactions/{introduction.id}", user=advisor).submit(
        "#what-came-of-it form", **typed
    )
    assert page.status == 422
    (link,) = page.all(".error-summary a")
    assert link.get("href") == f"#{field}"
    assert page.fields("#what-came-of-it form").get("outcome_note") == [typed.get("outcome_note", "")]
    assert db.session.get_one(Interaction, introduction.id).outcome is None


def test_only_an_introduction_that_was_held_has_an_end(pages, in_english, advisor, introduction, company):
    told = {"outcome": "nothing", "outcome_on": today()}
    for other in (
        make_interaction(kind="meeting", advisors=[advisor]),
        make_interaction(kind="introduction", status="planned", advisors=[advisor]),
        make_interaction(kind="introduction", status="cancelled", advisors=[advisor]),
    ):
        assert not pages.get(f"/interactions/{other.id}", user=advisor).all("#what-came-of-it")
        with pytest.raises(Invalid) as refused:
            operations.update_interaction(other, actor=advisor, version=None, **told)
        assert "outcome" in refused.value.errors
        db.session.rollback()
    operations.update_interaction(introduction, actor=advisor, version=None, **told)
    db.session.commit()
    for change in ({"kind": "meeting"}, {"status": "cancelled"}):
        with pytest.raises(Invalid) as refused:
            operations.update_interaction(introduction, actor=advisor, version=None, **change)
        assert set(refused.value.errors) == {"outcome"}, "what somebody told is not lost on the way"
        db.session.rollback()


def test_who_may_not_edit_it_may_not_tell(pages, introduction, colleague, reader):
    address = f"/interactions/{introduction.id}/outcome"
    for user in (colleague, reader):
        page = pages.get(f"/interactions/{introduction.id}", user=user)
        assert not page.all("#what-came-of-it form")
        assert "Not known yet." in page.text
        assert pages.post(address, {"outcome": "nothing"}, user=user).status in {400, 403}
    assert db.session.get_one(Interaction, introduction.id).outcome is None


def test_whoever_tells_second_sees_what_was_told(pages, advisor, introduction):
    page = pages.get(f"/interactions/{introduction.id}", user=advisor)
    page.submit("#what-came-of-it form", outcome="contact_made")
    second = page.submit("#what-came-of-it form", outcome="nothing", outcome_note="Trodde jeg")
    assert second.status == 422
    assert "They got in touch" in text_of(second.one(".conflict"))
    assert db.session.get_one(Interaction, introduction.id).outcome == "contact_made"
    second.submit("#what-came-of-it form")
    assert db.session.get_one(Interaction, introduction.id).outcome == "nothing"


def test_introductions_to_follow_up_are_listed(pages, manager, introduction):
    def listed(asked):
        return pages.get(f"/interactions/?{asked}", user=manager).texts("main tbody th")

    pair = [make_organisation(), make_organisation()]
    for outcome in Outcome:
        make_interaction(
            title=outcome.value,
            kind="introduction",
            organisations=pair,
            outcome=outcome.value,
            outcome_on=today(),
        )
    make_interaction(title="Planlagt Planned", kind="introduction", status="planned", organisations=pair)
    assert listed("outcome=unknown") == ["To som bør møtes"]
    assert listed(f"outcome=unknown&to={today() - 11 * DAY}") == []
    assert set(listed("outcome=something")) == {"contact_made", "cooperation", "agreement"}
    assert listed("outcome=nothing") == ["nothing"]
    assert listed(
        f"outcome=unknown&organisation_kind=company&organisation={introduction.organisations[0].id}"
    ) == ["To som bør møtes"]


def test_the_index_serves_what_is_still_unknown(app, manager, introduction):
    query = InteractionQuery(InteractionFilter(outcome="unknown"), manager)
    page = query.page(None)
    assert [row.id for row in page.rows] == [introduction.id]
    if db.engine.dialect.name == "sqlite":
        statement = str(query.ids().compile(db.engine))
        told = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()
        assert "ix_interactions_untold" in str(told)


# --- the API ---


def test_the_api_reads_and_writes_them(app, advisor, introduction):
    api = Api(app, advisor)
    address = f"interactions/{introduction.id}"
    read = api.get(address)
    assert (read.json["signals"], read.json["outcome"], read.json["cancelled_by"]) == ([], None, None)
    on = (today() - DAY).isoformat()
    told = {"result": "agreement", "note": "Leier ut", "on": on}
    changed = api.patch(address, {"signals": ["spin_off", "wants_to_grow"], "outcome": told}, etag=read.etag)
    assert changed.json["signals"] == ["wants_to_grow", "spin_off"]
    assert changed.json["outcome"] == told
    assert api.get("interactions", outcome="agreement").ids == [introduction.id]
    assert api.get("interactions", signal="spin_off").json["items"] == [changed.json]
    again = api.patch(address, changed.json, etag=changed.etag)
    assert again.json == changed.json, "a record sent back whole changes nothing"
    for wrong, field in (
        ({"outcome": {}}, "outcome.result"),
        ({"outcome": {"result": "nothing"}}, "outcome.on"),
        ({"outcome": {"result": "nothing", "on": "2026-02-30"}}, "outcome.on"),
        ({"outcome": told | {"note": "x" * 501}}, "outcome.note"),
        ({"outcome": told | {"who": 1}}, "outcome.who"),
    ):
        assert list(api.patch(address, wrong, etag=again.etag, status=422).errors) == [field]
    cleared = api.patch(address, {"outcome": None, "signals": []}, etag=again.etag)
    assert (cleared.json["outcome"], cleared.json["signals"]) == (None, [])
    for asked in ({"signal": "tired"}, {"outcome": "married"}):
        api.get("interactions", status=422, **asked)


def test_the_api_says_who_cancelled(app, advisor, company, tag):
    planned = make_interaction(status="planned", advisors=[advisor], organisations=[company])
    api = Api(app, advisor)
    address = f"interactions/{planned.id}"
    read = api.get(address)
    cancelled = api.patch(address, {"status": "cancelled", "cancelled_by": "them"}, etag=read.etag)
    assert cancelled.json["cancelled_by"] == "them"
    assert list(api.patch(address, {"cancelled_by": "rain"}, etag=cancelled.etag, status=422).errors) == [
        "cancelled_by"
    ]
    ours = api.patch(address, {"cancelled_by": "us"}, etag=cancelled.etag)
    again = api.patch(address, ours.json | {"status": "planned"}, etag=ours.etag)
    assert (again.json["status"], again.json["cancelled_by"]) == ("planned", None)
    refused = api.patch(address, {"cancelled_by": "us"}, etag=again.etag, status=422)
    assert list(refused.errors) == ["cancelled_by"]
    made = api.post(
        "interactions", {"kind": "meeting", "title": "Avlyst", "status": "cancelled", "cancelled_by": "us"}
    )
    assert made.json["cancelled_by"] == "us"


def test_signals_of_a_held_visit_keep_their_day(app, advisor):
    """Counting goes by the local day, whatever was noted afterwards."""
    made = noted("recruiting", starts_on=date(2026, 1, 1), advisors=[advisor])
    assert (
        InteractionQuery(InteractionFilter(signal="recruiting", since=date(2026, 1, 1)), advisor).count() == 1
    )
    assert (
        InteractionQuery(InteractionFilter(signal="recruiting", until=date(2025, 12, 31)), advisor).count()
        == 0
    )
    assert made.version == 1
