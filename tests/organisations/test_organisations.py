import pytest

from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.organisations import operations
from crm.organisations.models import Organisation, Tag
from crm.web.validation import Invalid, Linked, Stale
from tests.support.factories import make_organisation, make_tag, make_user, organisation_number

NUMBER = "974760673"


pytestmark = pytest.mark.usefixtures("in_request")


def test_create_keeps_everything_in_one_form_and_records_it(actor, events):
    manager, deputy = make_user(), make_user()
    made = operations.create_organisation(
        actor=actor,
        name=" Berger  Eiendom AS ",
        kind="developer",
        organisation_number="974 760 673",
        phone="63 80 00 00",
        website="berger.example",
        tags="tomter, Utvikling",
        account_manager_id=manager.id,
        deputy_id=deputy.id,
    )
    db.session.commit()
    assert (made.name, made.organisation_number, made.phone) == ("Berger Eiendom AS", NUMBER, "+4763800000")
    assert made.website == "https://berger.example"
    assert [tag.name for tag in made.tags] == ["tomter", "Utvikling"]
    (event,) = events(made)
    assert (event.action, event.actor_id) == ("created", actor.id)
    assert event.changes["tags"] == [[], ["Utvikling", "tomter"]]
    assert event.changes["account_manager_id"] == [None, manager.id]


def test_same_number_is_refused_with_a_link_to_the_one_that_exists(actor):
    there = make_organisation("Berger <Eiendom> AS", organisation_number=NUMBER)
    with pytest.raises(Invalid) as refused:
        operations.create_organisation(actor=actor, name="Noe annet", organisation_number="974 760 673")
    (message,) = refused.value.errors["organisation_number"]
    assert isinstance(message, Linked)
    assert f'href="/organisations/{there.id}"' in message.__html__()
    assert "Berger &lt;Eiendom&gt; AS" in message.__html__()
    assert "Berger <Eiendom> AS" in str(message)


def test_number_of_one_in_the_bin_is_free_and_blocks_its_restoring(actor):
    old = make_organisation(organisation_number=NUMBER)
    operations.bin_organisation(old, actor=actor)
    operations.create_organisation(actor=actor, name="Den nye", organisation_number=NUMBER)
    with pytest.raises(Invalid) as refused:
        operations.restore_organisation(old, actor=actor)
    assert "organisation_number" in refused.value.errors
    assert old.is_binned


def test_the_database_itself_holds_numbers_apart(app, actor):
    make_organisation(organisation_number=NUMBER)
    with pytest.raises(Exception, match="organisation_number"):
        make_organisation(organisation_number=NUMBER)
    db.session.rollback()


def test_update_changes_only_what_is_given(actor, events):
    organisation = make_organisation("Berg AS", city="Lillestrøm", organisation_number=NUMBER)
    operations.update_organisation(organisation, actor=actor, phone="900 00 000")
    db.session.commit()
    assert (organisation.city, organisation.organisation_number) == ("Lillestrøm", NUMBER)
    assert events(organisation)[-1].changes == {"phone": [None, "+4790000000"]}


def test_update_that_changes_nothing_leaves_no_trace(actor, events):
    organisation = make_organisation("Berg AS", organisation_number=NUMBER)
    operations.update_organisation(
        organisation, actor=actor, name="Berg AS", organisation_number=NUMBER, tags=[]
    )
    db.session.commit()
    assert len(events(organisation)) == 1
    assert organisation.version == 1


def test_the_second_of_two_writers_is_told(actor):
    organisation = make_organisation("Berg AS")
    operations.update_organisation(organisation, actor=actor, version=1, name="Bergen AS")
    with pytest.raises(Stale):
        operations.update_organisation(organisation, actor=actor, version=1, name="Berget AS")
    assert organisation.name == "Bergen AS"


def test_unknown_field_is_no_silent_success(actor):
    with pytest.raises(TypeError):
        operations.update_organisation(make_organisation(), actor=actor, colour="red")


def test_tags_that_fold_alike_are_one(actor):
    there = make_tag("Ås-klynga")
    organisation = operations.create_organisation(
        actor=actor, name="Berg AS", tags=["aas klynga", "Mat", "MAT"]
    )
    assert [tag.name for tag in organisation.tags] == ["Ås-klynga", "Mat"]
    assert there in organisation.tags
    assert db.session.query(Tag).count() == 2


def test_tags_are_part_of_the_record(actor, events):
    organisation = operations.create_organisation(actor=actor, name="Berg AS", tags=["mat"])
    db.session.commit()
    version = organisation.version
    operations.set_tags(organisation, actor=actor, tags="eksport")
    db.session.commit()
    assert organisation.version == version + 1
    assert events(organisation)[-1].changes == {"tags": [["mat"], ["eksport"]]}


def test_account_manager_must_be_here_and_the_deputy_somebody_else(actor):
    gone = make_user(deactivated_at=now())
    for people in ({"account_manager_id": gone.id}, {"account_manager_id": 10**6}, {"deputy_id": -1}):
        with pytest.raises(Invalid) as refused:
            operations.create_organisation(actor=actor, name="Berg AS", **people)
        assert refused.value.errors.keys() == people.keys()
    with pytest.raises(Invalid) as refused:
        operations.create_organisation(
            actor=actor, name="Berg AS", account_manager_id=actor.id, deputy_id=actor.id
        )
    assert refused.value.errors.keys() == {"deputy_id"}


def test_account_manager_who_left_may_stay_until_another_is_named(actor):
    manager = make_user()
    organisation = make_organisation(account_manager_id=manager.id)
    manager = db.session.get_one(type(manager), manager.id)
    manager.deactivated_at = now()
    record(manager, actor=actor)
    operations.update_organisation(organisation, actor=actor, account_manager_id=manager.id, name="Nytt navn")
    assert organisation.name == "Nytt navn"


def test_bin_and_restore(actor, events):
    organisation = make_organisation("Berg AS")
    operations.bin_organisation(organisation, actor=actor)
    operations.bin_organisation(organisation, actor=actor)
    db.session.commit()
    assert organisation.is_binned
    operations.restore_organisation(organisation, actor=actor)
    db.session.commit()
    assert [event.action for event in events(organisation)] == ["created", "binned", "restored"]


def test_nothing_is_written_of_what_is_refused(actor):
    with pytest.raises(Invalid):
        operations.create_organisation(actor=actor, name="Berg AS", email="x", tags=["ny merkelapp"])
    db.session.commit()
    assert db.session.query(Organisation).count() == 0
    assert db.session.query(Tag).count() == 0


def test_made_up_numbers_differ(app):
    assert len({organisation_number(n) for n in range(1000)}) > 900
