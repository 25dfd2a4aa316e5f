import pytest

from crm.extensions import db
from crm.organisations import operations, queries
from crm.organisations.models import Organisation
from crm.web.clock import today
from crm.web.validation import Invalid
from tests.support.factories import make_organisation

pytestmark = pytest.mark.usefixtures("in_request")


@pytest.fixture
def relate(actor):
    def add(source, kind, target, **fields):
        made = operations.add_relation(actor=actor, from_id=source.id, to_id=target.id, kind=kind, **fields)
        db.session.commit()
        return made

    return add


def labels(organisation):
    return [(str(tie.label), tie.other_name) for tie in queries.relations_of(organisation.id).current]


def test_a_relation_reads_in_both_directions(app, relate):
    member, cluster = make_organisation("Berg AS"), make_organisation("Klynga", kind="cluster")
    relate(member, "member_of", cluster)
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert labels(member) == [("Member of", "Klynga")]
        assert labels(cluster) == [("Has as member", "Berg AS")]


def test_both_histories_tell_of_it(relate, actor, events):
    member, cluster = make_organisation(), make_organisation()
    relation = relate(member, "member_of", cluster)
    operations.end_relation(relation, actor=actor)
    operations.remove_relation(relation, actor=actor)
    db.session.commit()
    for organisation in (member, cluster):
        told = [event.changes.get("relations") for event in events(organisation)][1:]
        assert [(len(before), len(after)) for before, after in told] == [(0, 1), (1, 1), (1, 0)]
    assert not queries.relations_of(member.id).former


def test_none_to_itself(relate):
    one = make_organisation()
    with pytest.raises(Invalid) as refused:
        relate(one, "partner_of", one)
    assert refused.value.errors.keys() == {"to_id"}


def test_not_the_same_twice(relate, actor):
    one, other = make_organisation(), make_organisation()
    relation = relate(one, "tenant_of", other)
    with pytest.raises(Invalid):
        relate(one, "tenant_of", other)
    assert relate(one, "member_of", other)
    assert relate(other, "tenant_of", one)
    operations.end_relation(relation, actor=actor)
    assert relate(one, "tenant_of", other, started_on=today())
    with pytest.raises(Invalid):
        relate(one, "tenant_of", other)


def test_partners_are_partners_whichever_is_named_first(relate):
    one, other = make_organisation(), make_organisation()
    relate(one, "partner_of", other)
    with pytest.raises(Invalid):
        relate(other, "partner_of", one)


def test_subsidiaries_never_go_in_a_circle(relate):
    mother, daughter, granddaughter = (
        make_organisation(name) for name in ("Mor AS", "Datter AS", "Barnebarn AS")
    )
    relate(daughter, "subsidiary_of", mother)
    relate(granddaughter, "subsidiary_of", daughter)
    for source, target in ((mother, daughter), (mother, granddaughter)):
        with pytest.raises(Invalid) as refused:
            relate(source, "subsidiary_of", target)
        assert refused.value.errors.keys() == {"to_id"}


def test_one_parent_at_a_time(relate, actor):
    daughter, first, second = make_organisation(), make_organisation("Først AS"), make_organisation("Så AS")
    relation = relate(daughter, "subsidiary_of", first)
    with pytest.raises(Invalid) as refused:
        relate(daughter, "subsidiary_of", second)
    assert f"/organisations/{first.id}" in refused.value.errors["to_id"][0].__html__()
    operations.end_relation(relation, actor=actor)
    relate(daughter, "subsidiary_of", second)
    db.session.expire_all()
    assert db.session.get_one(Organisation, daughter.id).parent == second


def test_set_parent(actor, relate):
    daughter, first, second = make_organisation(), make_organisation(), make_organisation()
    for parent in (first, second, None):
        operations.set_parent(daughter, actor=actor, parent_id=parent.id if parent else None)
        db.session.commit()
        db.session.expire_all()
        assert daughter.parent == parent
    with pytest.raises(Invalid) as refused:
        operations.set_parent(daughter, actor=actor, parent_id=daughter.id)
    assert refused.value.errors.keys() == {"parent"}


def test_one_in_the_bin_is_no_end_of_a_new_relation(relate, actor):
    one, binned = make_organisation(), make_organisation()
    operations.bin_organisation(binned, actor=actor)
    with pytest.raises(Invalid):
        relate(one, "member_of", binned)
