"""How users, units and tokens read in the audit log."""

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.accounts.models import ApiToken, Language, Role, Scope, Unit, User
from crm.audit.descriptions import Description, describe, name_actions
from crm.web.formatting import day, moment, phone
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


def _moment(value: str) -> str:
    return moment(datetime.fromisoformat(value))


def _absence(value: dict[str, Any]) -> str:
    first, last = (day(datetime.fromisoformat(value[end]).date()) for end in ("starts_on", "ends_on"))
    if value["deputy"]:
        words = _(
            "%(first)s to %(last)s, deputy %(name)s", first=first, last=last, name=tidy(value["deputy"])
        )
    else:
        words = _("%(first)s to %(last)s", first=first, last=last)
    return str(words)


def describe_accounts() -> None:
    name_actions(ACTIONS)
    describe(
        "User",
        Description(
            label=_l("User"),
            identity=User.id,
            name=User.name,
            path=lambda identity: url_for("users.show", user_id=identity),
            refers={"unit_id": "Unit"},
            fields={
                "name": (_l("Name"), None),
                "email": (_l("E-mail address"), None),
                "role": (_l("Role"), lambda value: str(Role(value).label)),
                "unit_id": (_l("Unit"), None),
                "phone": (_l("Telephone"), phone),
                "language": (_l("Language"), lambda value: Language(value).label),
                "is_service": (_l("Service"), None),
                "deactivated_at": (_l("Deactivated"), _moment),
                "absences": (_l("Absences"), _absence),
            },
        ),
    )
    describe(
        "Unit",
        Description(label=_l("Unit"), identity=Unit.id, name=Unit.name, fields={"name": (_l("Name"), None)}),
    )
    describe(
        "ApiToken",
        Description(
            label=_l("API token"),
            identity=ApiToken.id,
            name=ApiToken.name,
            refers={"user_id": "User"},
            fields={
                "name": (_l("Name"), None),
                "scope": (_l("The token may"), lambda value: str(Scope(value).label)),
                "user_id": (_l("User"), None),
                "expires_at": (_l("Expires"), _moment),
                "revoked_at": (_l("Revoked"), _moment),
            },
        ),
    )
