"""Enquiries in the reader's words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.enquiries.deadlines import A_DAY, clock
from crm.enquiries.models import Channel, EnquiryStatus, StepKind
from crm.web.clock import local
from crm.web.formatting import day
from crm.web.locale import language

COLOURS = {
    EnquiryStatus.new: "warning",
    EnquiryStatus.assigned: "info",
    EnquiryStatus.waiting: "accent",
    EnquiryStatus.answered: "success",
    EnquiryStatus.closed: "neutral",
}


@dataclass(frozen=True, slots=True)
class ShownStatus:
    label: Any
    colour: str
    is_open: bool


def status(value: str) -> ShownStatus:
    found = EnquiryStatus(value)
    return ShownStatus(found.label, COLOURS[found], found.is_open)


def channel(value: str) -> Any:
    return Channel(value).label


def topic_name(topic: Any) -> str:
    """Of anything with the three names; "" without."""
    nb = topic.name_nb if topic is not None else None
    if not nb:
        return ""
    return str({"nn": topic.name_nn, "en": topic.name_en}.get(language()) or nb)


def caller(row: Any) -> str:
    """“Kari Aas, Aas AS”, from a row of a list: who is known, else what they said."""
    names = ((row.contact or "").strip() or row.caller_name, row.organisation or row.caller_organisation)
    known = ", ".join(filter(None, names))
    return known or row.caller_phone or row.caller_email or str(_("Unknown caller"))


def caller_of(enquiry: Any) -> str:
    """The same of a whole enquiry."""
    contact, organisation = enquiry.contact, enquiry.organisation
    names = (
        contact.name if contact is not None else enquiry.caller_name,
        organisation.name if organisation is not None else enquiry.caller_organisation,
    )
    known = ", ".join(filter(None, names))
    return known or enquiry.caller_phone or enquiry.caller_email or str(_("Unknown caller"))


def due(row: Any, at: datetime) -> str:
    """How the deadline stands, in words; of what is over, only what it was."""
    if not EnquiryStatus(row.status).is_open:
        return str(_("Was due %(day)s", day=day(row.due_on)))
    if row.status == EnquiryStatus.waiting:
        return str(_("The clock stands still; due %(day)s", day=day(row.due_on)))
    stands = clock(row.due_on, at)
    if stands.is_late:
        return str(ngettext("%(num)s working day late", "%(num)s working days late", -stands.days))
    when = _when(stands.days, row.due_on, local(at).date())
    if stands.days > 1:
        return when
    hours, minutes = divmod(stands.minutes, 60)
    if not stands.minutes:
        return str(_("%(due)s, no working hours left", due=when))
    if not hours:
        left = ngettext("%(num)s working minute left", "%(num)s working minutes left", minutes)
    else:
        left = ngettext("%(num)s working hour left", "%(num)s working hours left", hours)
    return f"{when}, {left}"


def _when(days: int, due_on: date, today: date) -> str:
    if due_on == today:
        return str(_("Due today"))
    if due_on == today + A_DAY:
        return str(_("Due tomorrow"))
    if days <= 1:
        return str(_("Due %(day)s", day=day(due_on)))
    shown = day(due_on)
    return str(
        ngettext(
            "Due %(day)s, in %(num)s working day", "Due %(day)s, in %(num)s working days", days, day=shown
        )
    )


def due_colour(row: Any, at: datetime) -> str:
    """The colour that goes with the words: danger when late, warning when near."""
    if row.status not in {EnquiryStatus.new, EnquiryStatus.assigned}:
        return "neutral"
    stands = clock(row.due_on, at)
    return "danger" if stands.is_late else "warning" if stands.is_near else "neutral"


def working_time(minutes: int) -> str:
    """“2 t 5 min”"""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return str(_("%(minutes)s min", minutes=rest))
    return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=rest))


def step_in_words(step: Any) -> str:
    """What happened, without who did it."""
    to = (
        step.to_user.name
        if step.to_user is not None
        else step.to_unit.name
        if step.to_unit is not None
        else ""
    )
    kind = StepKind(step.kind)
    if kind == StepKind.registered:
        return str(_("Taken in, and handed to %(name)s", name=to) if to else _("Taken in, to the queue"))
    if kind == StepKind.assigned:
        if step.to_user_id is not None and step.to_user_id == step.actor_id:
            return str(_("Took it"))
        return str(_("Handed to %(name)s", name=to) if to else _("Put back in the queue"))
    if kind == StepKind.escalated:
        return str(_("The deadline is near: %(name)s was told", name=to))
    return str(
        {
            StepKind.noted: _("Note"),
            StepKind.waiting: _("Waits for them"),
            StepKind.resumed: _("Taken up again"),
            StepKind.answered: _("Answer given"),
            StepKind.closed: _("Closed"),
            StepKind.reopened: _("Opened again"),
            StepKind.converted: _("Became an interaction"),
        }[kind]
    )


def channels() -> list[tuple[str, str]]:
    return [(one.value, str(one.label)) for one in Channel]
