"""What a collaboration is: when it counts, what its stage makes of its interaction, and how a year follows another."""

from datetime import date, timedelta

import pytest

from crm.collaborations.operations import (
    add_activities,
    continuation_of,
    create_collaboration,
    remove_activity,
    update_collaboration,
)
from crm.extensions import db
from crm.interactions.operations import (
    bin_interaction,
    change_status,
    log_interaction,
    restore_interaction,
    update_interaction,
)
from crm.interactions.queries import InteractionFilter, InteractionQuery
from crm.web.clock import today
from crm.web.validation import Invalid, Stale
from tests.collaborations.conftest import THIS_YEAR
from tests.support.factories import make_interaction, make_organisation, make_user, measure

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def in_english(app, isolation):
    with app.test_request_context(headers={"Cookie": "language=en"}):
        yield


def refused(work, *args, **values):
    with pytest.raises(Invalid) as found:
        work(*args, **values)
    db.session.rollback()
    return {field: " ".join(map(str, said)) for field, said in found.value.errors.items()}


def changed(collaboration, actor, **values):
    update_collaboration(collaboration, actor=actor, version=None, **values)
    db.session.commit()
    return collaboration.interaction


@pytest.mark.parametrize(
    ("stage", "begun", "status"),
    [
        ("idea", None, "draft"),
        ("initiated", date(THIS_YEAR - 1, 3, 1), "held"),
        ("ongoing", date(THIS_YEAR - 1, 3, 1), "held"),
        ("completed", date(THIS_YEAR - 1, 3, 1), "held"),
        ("abandoned", date(THIS_YEAR - 1, 3, 1), "held"),
        ("abandoned", None, "cancelled"),
    ],
)
def test_the_stage_decides_the_status(make, stage, begun, status):
    made = make(stage=stage, starts_on=begun)
    assert (made.interaction.kind, made.interaction.status) == ("collaboration", status)
    assert made.interaction.starts_on == begun


def test_it_counts_once_in_its_year_from_initiated_on(make, advisor):
    idea = make(stage="idea")

    def counted(year):
        return InteractionQuery(
            InteractionFilter(
                status="held", measure="1.A.1", since=date(year, 1, 1), until=date(year, 12, 31)
            ),
            advisor,
        ).count()

    assert [counted(year) for year in (THIS_YEAR - 1, THIS_YEAR)] == [0, 0]
    changed(idea, advisor, stage="initiated", starts_on=date(THIS_YEAR - 1, 12, 31))
    for stage in ("ongoing", "completed", "abandoned"):
        changed(idea, advisor, stage=stage)
        assert [counted(year) for year in (THIS_YEAR - 1, THIS_YEAR)] == [1, 0], stage


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"starts_on": None}, "starts_on", "Enter the day it was initiated"),
        ({"starts_on": date(THIS_YEAR - 2, 12, 31)}, "starts_on", f"is not in {THIS_YEAR - 1}"),
        ({"year": THIS_YEAR + 1, "starts_on": today() + timedelta(days=1)}, "starts_on", "still to come"),
        ({"stage": "idea"}, "starts_on", "An idea has not been initiated"),
        ({"stage": "done"}, "stage", "Choose idea"),
        ({"year": None}, "year", "from 2000 to 2100"),
        ({"year": 1999}, "year", "from 2000 to 2100"),
        ({"organisation_ids": []}, "organisations", "at least one organisation"),
        ({"measure_ids": []}, "measures", "at least one measure"),
        ({"aim": "x" * 10_001}, "aim", "10,000"),
        ({"lead_id": 2_000_000}, "lead_id", "somebody who is active"),
        ({"title": ""}, "title", "Enter a title"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(make, values, field, said):
    found = refused(make, **({"stage": "initiated", "starts_on": date(THIS_YEAR - 1, 3, 1)} | values))
    assert said in found[field]


def test_what_was_initiated_does_not_become_an_idea_again(make, advisor):
    made = make()
    found = refused(update_collaboration, made, actor=advisor, version=None, stage="idea", starts_on=None)
    assert "cannot become an idea" in found["stage"]
    found = refused(
        update_collaboration, made, actor=advisor, version=None, stage="abandoned", starts_on=None
    )
    assert "counts from that day" in found["starts_on"]


def test_an_abandoned_idea_can_be_taken_up_again(make, advisor):
    made = make(stage="abandoned", starts_on=None)
    assert changed(made, advisor, stage="idea").status == "draft"


def test_nobody_else_changes_what_follows_from_the_stage(make, advisor):
    interaction = make(stage="idea").interaction
    assert "status" in refused(change_status, interaction, actor=advisor, version=None, status="held")
    for values in ({"starts_on": today()}, {"status": "cancelled"}):
        assert refused(update_interaction, interaction, actor=advisor, version=None, **values)
    assert "kind" in refused(log_interaction, actor=advisor, kind="collaboration", title="Samarbeid")
    update_interaction(interaction, actor=advisor, version=None, notes="Ring Per")
    db.session.commit()


def test_the_lead_is_an_advisor_and_reads_what_is_confidential(make, advisor):
    lead = make_user(name="Ola Vik")
    made = make(lead_id=lead.id, advisor_ids=[advisor.id], confidential=True)
    assert {user.id for user in made.interaction.advisors} == {advisor.id, lead.id}


def test_a_change_of_its_own_moves_the_version_on(make, advisor):
    made = make()
    read = made.interaction.version
    changed(made, advisor, aim="Noe nytt")
    assert made.interaction.version > read
    with pytest.raises(Stale):
        update_collaboration(made, actor=advisor, version=read, aim="Noe annet")


# --- The next year -----------------------------------------------------------------------------------------------


def test_a_year_is_continued_once(make, advisor):
    before = make()
    after = make(THIS_YEAR, "idea", continues_id=before.id)
    assert continuation_of(before.id, advisor).id == after.id
    found = refused(make, THIS_YEAR, "idea", continues_id=before.id, title="En til")
    assert f"in {THIS_YEAR}" in found["continues"]
    assert f"OsloMet {THIS_YEAR}" in found["continues"]


def test_the_title_of_a_confidential_continuation_stays_secret(make, advisor):
    before = make()
    make(THIS_YEAR, "idea", continues_id=before.id, confidential=True, title="Hemmelig")
    found = refused(make, THIS_YEAR, "idea", continues_id=before.id, actor=make_user())
    assert "continued already" in found["continues"]
    assert "Hemmelig" not in found["continues"]


def test_a_binned_continuation_makes_room_and_is_not_restored_beside_another(make, advisor):
    before = make()
    first = make(THIS_YEAR, "idea", continues_id=before.id)
    bin_interaction(first.interaction, actor=advisor)
    db.session.commit()
    second = make(THIS_YEAR, "idea", continues_id=before.id)
    assert f"in {THIS_YEAR}" in refused(restore_interaction, first.interaction, actor=advisor)["continues"]
    bin_interaction(second.interaction, actor=advisor)
    restore_interaction(first.interaction, actor=advisor)
    db.session.commit()
    assert continuation_of(before.id, advisor).id == first.id


def test_years_follow_one_another(make, advisor):
    before = make()
    assert "later year" in refused(make, THIS_YEAR - 1, "idea", continues_id=before.id)["year"]
    after = make(THIS_YEAR, "idea", continues_id=before.id)
    assert "later year" in refused(changed, after, advisor, year=THIS_YEAR - 1)["year"]
    idea = make(THIS_YEAR + 1, "idea", continues_id=after.id)
    assert "earlier year" in refused(changed, after, advisor, year=THIS_YEAR + 1)["year"]
    assert idea.year == THIS_YEAR + 1


def test_what_may_not_be_read_is_not_continued(make, advisor):
    before = make(confidential=True)
    assert (
        "does not exist"
        in refused(make, THIS_YEAR, "idea", continues_id=before.id, actor=make_user())["continues"]
    )
    assert (
        "does not exist" in refused(make, THIS_YEAR, "idea", continues_id=make_interaction().id)["continues"]
    )


# --- Activities ---------------------------------------------------------------------------------------------------


def test_activities_are_put_to_it_once_and_taken_off(make, advisor, oslomet):
    made = make()
    visit = make_interaction(advisors=[advisor], organisations=[oslomet])
    for new in (1, 0):
        assert add_activities(made, actor=advisor, interaction_ids=[visit.id, visit.id]) == new
        db.session.commit()
    assert [activity.id for activity in made.activities] == [visit.id]
    assert remove_activity(made, actor=advisor, interaction_id=visit.id)
    assert not remove_activity(made, actor=advisor, interaction_id=visit.id)
    db.session.commit()
    assert not made.activities


def test_only_what_one_may_read_and_what_takes_place_becomes_an_activity(make, advisor):
    made = make()
    secret = make_interaction(advisors=[make_user()], confidential=True)
    draft = make_interaction(advisors=[advisor], status="draft")
    for one in (secret.id, draft.id, made.id, 2_000_000):
        assert "activities" in refused(add_activities, made, actor=advisor, interaction_ids=[one])


def test_a_partner_in_the_bin_is_kept_but_not_newly_chosen(make, advisor, plan):
    gone = make_organisation(deleted_at=make_interaction().created_at)
    values = {"organisation_ids": [gone.id], "measure_ids": [measure(plan, "1.A.2").id]}
    found = refused(create_collaboration, actor=advisor, year=THIS_YEAR, stage="idea", title="Nytt", **values)
    assert "organisations" in found
