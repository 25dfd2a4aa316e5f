"""A form sent, the operation run, the answer committed or explained."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError

from crm.extensions import db
from crm.web.forms.base import Form
from crm.web.validation import Invalid, Stale

Made = TypeVar("Made")


def attempted(
    form: Form, work: Callable[[], Made], *, values_of: Callable[[Any], dict[str, Any]] | None = None
) -> Made | None:
    """What the work returned, committed; None where it was refused, and then the form says why.

    `values_of` gives a record's values by the form's field names; needed where the work may find it stale.
    """
    try:
        made = work()
        db.session.commit()
    except Invalid as invalid:
        db.session.rollback()
        form.refuse_all(invalid.errors)
    except Stale as stale:
        assert values_of is not None
        db.session.rollback()
        form.compare(values_of(stale.record), stale.record.version)
    except IntegrityError as error:
        form.explain(error)
    else:
        return made
    return None
