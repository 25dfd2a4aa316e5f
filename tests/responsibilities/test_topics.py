"""The topics that ship with the product, and what they understand."""

import pytest

from crm.extensions import db
from crm.responsibilities.models import Topic
from crm.responsibilities.operations import load_topics
from crm.responsibilities.queries import understood


def test_they_are_loaded_once_and_what_was_changed_stays(app):
    runner = app.test_cli_runner()
    assert "Loaded 15 topics" in runner.invoke(args=["responsibilities", "load-topics"]).output
    premises = db.session.query(Topic).filter_by(key="premises").one()
    premises.name_nb, premises.words_no, premises.is_retired = "Næringslokaler", ["bod"], True
    load_topics()  # flushes
    assert load_topics() == []
    assert db.session.query(Topic).count() == 15
    assert (premises.name_nb, premises.words_no, premises.is_retired) == ("Næringslokaler", ["bod"], True)
    db.session.rollback()


def test_a_topic_of_ones_own_stands_in_for_the_shipped_one(make_topic):
    own = make_topic("Landbruk og skogbruk", [])
    assert len(load_topics()) == 14
    assert db.session.get(Topic, own.id).key is None


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Jeg leter etter en tomt på 5 mål", "premises"),
        ("ledige lokaler", "premises"),
        ("byggesak", "planning"),
        ("regulering av området", "planning"),
        ("etablererhjelp", "startup"),
        ("etablerarhjelp", "startup"),
        ("søke tilskudd", "funding"),
        ("tilskot", "funding"),
        ("anbud på doffin", "procurement"),
        ("lærlinger", "skills"),
        ("hotell", "tourism"),
        ("gårdsbutikk", "agriculture"),
        ("leie torget til julemarked", "events"),
        ("skjenkebevilling", "licences"),
        ("parkeringsplasser", "transport"),
        ("solceller", "climate"),
        ("masteroppgave", "research"),
        ("elevbedrift", "schools"),
        ("flytte bedriften hit", "establishment"),
        ("building permit", "planning"),
        ("starting a company", "startup"),
        ("office space", "premises"),
    ],
)
def test_what_callers_say_leads_to_its_topic(said, key, app):
    load_topics()
    db.session.commit()
    topic = db.session.get(Topic, understood(said).topic_id or 0)
    assert topic is not None
    assert topic.key == key
