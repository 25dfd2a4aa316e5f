"""What first-line service works with, with something in every audited field, and how a reader of English reads it."""

from datetime import UTC, date, datetime

from crm.enquiries.models import Enquiry
from crm.responsibilities.models import Responsibility, Topic
from crm.sites.models import Site
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_unit,
    make_user,
    saved,
)

NOON = datetime(2026, 7, 3, 10, 0, tzinfo=UTC)


def topic():
    made = Topic(
        key="premises",
        name_nb="Lokaler",
        name_nn="Lokale",
        name_en="Premises",
        words_no=["tomt", "areal"],
        words_en=["plot"],
        working_days=5,
        is_retired=True,
    )
    return saved(made), {
        "Name in bokmål": "Lokaler",
        "Name in nynorsk": "Lokale",
        "Name in English": "Premises",
        "Norwegian words for it": "tomt, areal",
        "English words for it": "plot",
        "Working days to an answer": "5",
        "Retired": "Yes",
    }


def responsibility():
    made = Responsibility(
        topic=saved(Topic(name_nb="Byggesak")),
        focus_area=3,
        industry_prefix="62",
        organisation_kind="school",
        site=saved(Site(name="Heia sør")),
        organisation=make_organisation("Berger AS"),
        user=make_user(name="Kari Nes"),
        deputy=make_user(name="Ola Vik"),
        phone_hours="9–11",
        note="Bare skriftlig",
    )
    return saved(made), {
        "Topic": "Byggesak",
        "Focus area": "3",
        "Beginning of the industry code": "62",
        "Kind of organisation": "School",
        "Site": "Heia sør",
        "Organisation": "Berger AS",
        "User": "Kari Nes",
        "Deputy": "Ola Vik",
        "Telephone hours": "9–11",
        "Note": "Bare skriftlig",
    }


def enquiry():
    made = Enquiry(
        subject="Søker tomt",
        text="Ti mål",
        channel="email",
        status="closed",
        topic=saved(Topic(name_nb="Tomter")),
        site=saved(Site(name="Heia nord")),
        organisation=make_organisation("Berger AS"),
        contact=make_contact("Kari", "Berg"),
        caller_name="Per",
        caller_organisation="Heia AS",
        caller_phone="+4763800000",
        caller_email="per@eksempel.example",
        assignee=make_user(name="Kari Nes"),
        unit=make_unit("Plan og vei"),
        author=make_user(name="Ola Vik"),
        received_at=NOON,
        due_on=date(2026, 7, 8),
        answer="Ring Kari",
        answered_at=NOON,
        working_minutes=30,
        closed_at=NOON,
        interaction=make_interaction(title="Om tomten"),
    )
    return saved(made), {
        "What it is about": "Søker tomt",
        "More about it": "Ti mål",
        "Channel": "E-mail",
        "Status": "Closed",
        "Topic": "Tomter",
        "Site": "Heia nord",
        "Organisation": "Berger AS",
        "Contact": "Kari Berg",
        "Name": "Per",
        "Calls for": "Heia AS",
        "Telephone": "+4763800000",
        "E-mail": "per@eksempel.example",
        "Who answers": "Kari Nes",
        "Unit": "Plan og vei",
        "Taken in by": "Ola Vik",
        "Came in": "3 Jul 2026 12:00",
        "Due": "8 Jul 2026",
        "Answer": "Ring Kari",
        "Answer given": "3 Jul 2026 12:00",
        "Working minutes to the answer": "30",
        "Closed": "3 Jul 2026 12:00",
        "Interaction": "Om tomten",
    }


TOLD = {
    Topic: (topic, "Topic: Lokaler", "/responsibilities/topics/{id}/edit"),
    Responsibility: (responsibility, "Responsibility: Kari Nes", "/responsibilities/{id}/edit"),
    Enquiry: (enquiry, "Enquiry: Søker tomt", "/enquiries/{id}"),
}
INSTEAD = {Responsibility: {"unit_id"}}
"""Fields that another one in the sample stands instead of: the database refuses both."""
HISTORIES = {Enquiry: "/enquiries/{id}/history"}
