"""Enquiries to be changed, and to whom they may go."""

from dataclasses import dataclass

from flask import abort, flash, redirect
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.directory import directory
from crm.accounts.models import Permission, Role
from crm.accounts.queries import units
from crm.enquiries.models import Enquiry
from crm.enquiries.queries import absence_of, found_enquiry
from crm.web.clock import today
from crm.web.formatting import day

HANDLING = frozenset(role.value for role in Role if Permission.HANDLE_ENQUIRIES in role.permissions)


def enquiry_to_change(identity: int) -> Enquiry:
    """404 where there is none; one in the bin sends the reader to its page, where it can be restored."""
    enquiry = found_enquiry(identity)
    if enquiry is None:
        abort(404)
    if enquiry.is_binned:
        flash(_("The enquiry is in the bin. Restore it before you change it."), "warning")
        abort(redirect(f"/enquiries/{identity}"))
    return enquiry


@dataclass(frozen=True, slots=True)
class Recipients:
    """(value, name) of all whom an enquiry may go to; the reader first among the people."""

    people: list[tuple[str, str]]
    units: list[tuple[str, str]]


def recipients() -> Recipients:
    """One statement."""
    people = [
        (f"user-{one.id}", _("%(name)s (you)", name=one.name) if one.id == current_user.id else one.name)
        for one in directory().values()
        if one.is_active and not one.is_service and one.role in HANDLING
    ]
    me = f"user-{current_user.id}"
    people.sort(key=lambda one: one[0] != me)
    return Recipients(people, [(f"unit-{one.id}", one.name) for one in units()])


def flash_if_away(enquiry: Enquiry) -> None:
    """Tell whoever handed it over that the one who got it is away, and who stands in."""
    said = away(enquiry)
    if said is not None and enquiry.assignee_id != current_user.id:
        flash(said, "warning")


def away(enquiry: Enquiry) -> str | None:
    """That its assignee is away today, and who stands in; None where nobody is. One statement."""
    assignee = enquiry.assignee
    absence = absence_of(assignee.id, today()) if assignee is not None else None
    if assignee is None or absence is None:
        return None
    until = day(absence.ends_on)
    if absence.deputy is None:
        return str(_("%(name)s is away until %(day)s, and nobody stands in.", name=assignee.name, day=until))
    return str(
        _(
            "%(name)s is away until %(day)s. %(deputy)s stands in, and is told as well.",
            name=assignee.name,
            day=until,
            deputy=absence.deputy,
        )
    )
