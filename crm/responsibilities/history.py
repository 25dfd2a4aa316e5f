"""How topics and responsibilities read in their history and in the audit log."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from crm.accounts.models import Permission, Unit, User
from crm.audit.descriptions import Description, describe
from crm.audit.fields import choice, number, plain, record_named, yes_or_no
from crm.organisations.models import OrganisationKind
from crm.responsibilities.models import Responsibility, Topic


def describe_responsibilities() -> None:
    describe(
        "Topic",
        Description(
            label=_l("Topic"),
            identity=Topic.id,
            name=lambda: Topic.name_nb,
            path=lambda identity: f"/responsibilities/topics/{identity}/edit",
            opened_by=Permission.EDIT_TOPICS,
            fields={
                "key": None,
                "name_nb": plain(_l("Name in bokmål")),
                "name_nn": plain(_l("Name in nynorsk")),
                "name_en": plain(_l("Name in English")),
                "words_no": plain(_l("Norwegian words for it")),
                "words_en": plain(_l("English words for it")),
                "working_days": number(_l("Working days to an answer")),
                "is_retired": yes_or_no(_l("Retired")),
            },
        ),
    )
    describe(
        "Responsibility",
        Description(
            label=_l("Responsibility"),
            identity=Responsibility.id,
            name=_whose,
            path=lambda identity: f"/responsibilities/{identity}/edit",
            opened_by=Permission.EDIT_RESPONSIBILITIES,
            fields={
                "topic_id": record_named(_l("Topic"), "Topic"),
                "focus_area": number(_l("Focus area")),
                "industry_prefix": plain(_l("Beginning of the industry code")),
                "organisation_kind": choice(_l("Kind of organisation"), OrganisationKind),
                "site_id": record_named(_l("Site"), "Site"),
                "organisation_id": record_named(_l("Organisation"), "Organisation"),
                "user_id": record_named(_l("User"), "User"),
                "unit_id": record_named(_l("Unit"), "Unit"),
                "deputy_id": record_named(_l("Deputy"), "User"),
                "phone_hours": plain(_l("Telephone hours")),
                "note": plain(_l("Note")),
            },
        ),
    )


def _whose() -> Any:
    """The name of the user or of the unit."""
    user = select(User.name).where(User.id == Responsibility.user_id).scalar_subquery()
    unit = select(Unit.name).where(Unit.id == Responsibility.unit_id).scalar_subquery()
    return func.coalesce(user, unit)
