"""The organisation's own person for what is asked about."""

from dataclasses import replace

import pytest

from crm.responsibilities.facts import Asked, Caller, Theirs
from crm.responsibilities.routing import manages, right_contact
from tests.responsibilities.facts import ABOUT_PREMISES, ASKED, BERGER, DAY, FUNDING, PREMISES, UNKEPT, ours

THEIRS = [
    Theirs(1, "Per", "Assisterende daglig leder"),
    Theirs(2, "Pål", "Daglig leder"),
    Theirs(3, "Liv", "Eiendomssjef", topics=["Tomter"]),
    Theirs(4, "Tor", "Styreleder", primary=True),
]


@pytest.mark.parametrize(
    ("people_there", "asked", "expected"),
    [
        (THEIRS, ABOUT_PREMISES, "Liv"),
        (THEIRS, Asked(DAY, topic_id=FUNDING), "Tor"),
        (THEIRS, ASKED, "Tor"),
        (THEIRS[:3], ASKED, "Pål"),
        (THEIRS[:1], ASKED, None),
        ([], ASKED, None),
    ],
)
def test_their_own_person(people_there, asked, expected, app):
    found = right_contact(replace(UNKEPT, people=people_there), asked, ours()).own
    assert (found and found.name) == expected


def test_a_site_names_its_developers_person(app):
    """Whoever asks about Berger gets the person for Berger, not the developer's managing director."""
    kept = ours()
    kept.sites[BERGER] = replace(kept.sites[BERGER], contact_id=1)
    developer = Caller(70, people=THEIRS)
    assert right_contact(developer, Asked(DAY, PREMISES, BERGER), kept).own.name == "Per"
    assert right_contact(developer, ABOUT_PREMISES, kept).own.name == "Liv"
    assert (
        right_contact(replace(developer, organisation_id=71), Asked(DAY, None, BERGER), kept).own.name
        == "Tor"
    )


@pytest.mark.parametrize("title", ["Adm. dir.", "CEO", "Dagleg leiar", "Administrerende direktør", "CEO/gründer"])  # fmt: skip
def test_titles_of_those_who_manage(title):
    assert manages(title)
    assert not manages("Ass. " + title)
    assert not manages(None)
