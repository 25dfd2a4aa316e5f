"""Business areas around Lillestrøm, with their developers and the people whom one rings about them."""

from datetime import date, timedelta

from sqlalchemy import select

from crm.accounts.models import User
from crm.demo.word_lists import word_list
from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation
from crm.sites.models import Site
from crm.sites.operations import SiteValues, create_site

MONTH = timedelta(days=30)


def lay_out_sites(*, actor: User, today: date) -> list[Site]:
    """The sites of the list, as an advisor would enter them. Developers that are not there are left out."""
    return [_made(dict(entry), actor, today) for entry in word_list("sites")["sites"]]


def _made(entry: dict[str, object], actor: User, today: date) -> Site:
    months = entry.pop("free_in_months", None)
    developer_id = _organisation(entry.pop("developer", None))
    values = SiteValues(**entry)  # type: ignore[typeddict-item]  # read from a list that a test loads
    return create_site(
        actor=actor,
        developer_id=developer_id,
        contact_id=_person_at(developer_id),
        free_from=(today + MONTH * months).replace(day=1) if isinstance(months, int) else None,
        **values,
    )


def _organisation(name: object) -> int | None:
    return db.session.scalar(
        select(Organisation.id).where(Organisation.name == name, Organisation.deleted_at.is_(None))
    )


def _person_at(organisation_id: int | None) -> int | None:
    """The organisation's first person: the primary one, else whoever is listed first."""
    return db.session.scalar(
        select(Contact.id)
        .join(Affiliation, Affiliation.contact_id == Contact.id)
        .where(
            Affiliation.organisation_id == organisation_id,
            Affiliation.ended_on.is_(None),
            Contact.deleted_at.is_(None),
        )
        .order_by(Affiliation.primary.desc(), Contact.id)
        .limit(1)
    )
