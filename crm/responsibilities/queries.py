"""Reads of who is responsible, and the facts that routing decides by."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.extensions import db
from crm.organisations.models import Organisation
from crm.responsibilities.routing import Person, RightContact


def right_contacts(
    organisations: Sequence[int] = (), *, topic: int | None = None, site: int | None = None, day: date
) -> dict[int | None, RightContact]:
    """The right contact for each of the organisations, by id, for somebody who asks about the topic or the site on the
    day; under None for a caller whose organisation is unknown. As many statements for one as for many.
    """
    nobody = RightContact("nobody", _l("Nobody is responsible for this"))
    found: dict[int | None, RightContact] = dict.fromkeys([*organisations, None], nobody)
    rows = db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(organisations), Organisation.account_manager_id.is_not(None))
        .options(joinedload(Organisation.account_manager))
    )
    for row in rows:
        user = row.account_manager
        assert user is not None
        person = Person(user.id, user.name, user.phone, user.email)
        found[row.id] = RightContact("account_manager", _l("Account manager"), person, person)
    return found
