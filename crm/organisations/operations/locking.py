"""What must not change between a check and the write that rests on it."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from crm.extensions import db
from crm.organisations.models import Organisation
from crm.organisations.queries.page import LARGEST_ID
from crm.web.validation import Invalid


def locked_organisations(ids: Iterable[int]) -> Sequence[Organisation]:
    """The organisations as they are now, locked until the transaction ends; in order of id, so that two writers
    never wait for each other.
    """
    wanted = sorted({one for one in ids if 0 < one <= LARGEST_ID})
    if not wanted:
        return []
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(wanted))
        .order_by(Organisation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def locked_organisation(identity: int | None, field: str) -> Organisation:
    """One organisation that is not in the bin, locked. Raises Invalid at the field."""
    found = locked_organisations([identity]) if identity is not None else []
    if not found or found[0].is_binned:
        raise Invalid({field: [_("Choose an organisation")]})
    return found[0]
