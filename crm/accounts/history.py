"""How users, units and tokens read in their history and in the audit log."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.accounts.models import ApiToken, Language, Permission, Role, Scope, Unit, User
from crm.audit.descriptions import Description, describe, name_actions
from crm.audit.fields import at_moment, choice, plain, record_named, yes_or_no
from crm.web.formatting import day, phone
from crm.web.forms.fields import tidy

ACTIONS = {
    "signed_in": _l("Signed in"),
    "signed_out": _l("Signed out"),
    "signed_out_everywhere": _l("Signed out everywhere"),
    "invited": _l("Invited"),
    "reset_offered": _l("Link to a new password sent"),
    "password_set": _l("Password chosen"),
    "deactivated": _l("Deactivated"),
    "reactivated": _l("Reactivated"),
    "revoked": _l("Revoked"),
}


def describe_accounts() -> None:
    name_actions(ACTIONS)
    describe(
        "User",
        Description(
            label=_l("User"),
            identity=User.id,
            name=lambda: User.name,
            path=lambda identity: f"/users/{identity}",
            opened_by=Permission.MANAGE_USERS,
            fields={
                "name": plain(_l("Name")),
                "email": plain(_l("E-mail address")),
                "role": choice(_l("Role"), Role),
                "unit_id": record_named(_l("Unit"), "Unit"),
                "phone": plain(_l("Telephone"), phone),
                "language": choice(_l("Language"), Language),
                "wants_digest": yes_or_no(_l("E-mail in the morning")),
                "is_service": yes_or_no(_l("Service")),
                "deactivated_at": at_moment(_l("Deactivated")),
                "absences": plain(_l("Absences"), _absence),
            },
        ),
    )
    describe(
        "Unit",
        Description(
            label=_l("Unit"),
            identity=Unit.id,
            name=lambda: Unit.name,
            fields={"name": plain(_l("Name"))},
        ),
    )
    describe(
        "ApiToken",
        Description(
            label=_l("API token"),
            identity=ApiToken.id,
            name=lambda: ApiToken.name,
            path=lambda _identity: "/profile/tokens/?whose=all",
            opened_by=Permission.MANAGE_USERS,
            fields={
                "name": plain(_l("Name")),
                "scope": choice(_l("The token may"), Scope),
                "user_id": record_named(_l("User"), "User"),
                "expires_at": at_moment(_l("Expires")),
                "revoked_at": at_moment(_l("Revoked")),
            },
        ),
    )


def _absence(value: dict[str, Any]) -> str:
    first, last = (day(date.fromisoformat(value[end])) for end in ("starts_on", "ends_on"))
    if value["deputy"]:
        deputy = tidy(value["deputy"])
        return str(_("%(first)s to %(last)s, deputy %(name)s", first=first, last=last, name=deputy))
    return str(_("%(first)s to %(last)s", first=first, last=last))
