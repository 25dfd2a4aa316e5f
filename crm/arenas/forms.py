from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from crm.accounts.models import Unit
from crm.arenas.models import Arena
from crm.arenas.operations import ArenaValues, SessionTimes
from crm.arenas.queries.page import Member
from crm.arenas.rhythm import MOST_EVERY, Simple, simple
from crm.arenas.wording import place_names, weekday_names
from crm.interactions.forms import IdsField
from crm.interactions.queries.listing import Named
from crm.organisations.forms.fields import PickField, VersionField, choices, optional_id
from crm.web.clock import today
from crm.web.forms import DateField, Form, NumberField, TextArea, TextField, TimeField

NONE, WEEKS, MONTHS, OWN = "none", "weeks", "months", "own"


class ArenaForm(Form):
    """An arena's own fields. The rhythm is chosen in plain words, or written as a recurrence rule."""

    name = TextField(_l("Name"))
    purpose = TextArea(_l("Purpose"), description=_l("What the arena is for, and for whom."))
    host_id = PickField(
        _l("Host"), name="host", description=_l("The organisation that invites. Leave it empty where we do.")
    )
    host_unit_id = SelectField(_l("Hosted by our unit"), coerce=optional_id, validate_choice=False)
    rhythm_kind = RadioField(
        _l("Rhythm"),
        choices=choices(
            [
                (NONE, _l("As needed")),
                (WEEKS, _l("By weeks")),
                (MONTHS, _l("By months")),
                (OWN, _l("By a rule of your own")),
            ]
        ),
        default=NONE,
        validate_choice=False,
    )
    every = NumberField(
        _l("Interval"), description=_l("1 is every week or month, 2 every other one."), default=1
    )
    place_in_month = SelectField(_l("Which in the month"), coerce=int, validate_choice=False, default=1)
    weekday = SelectField(_l("Weekday"), coerce=int, validate_choice=False, default=0)
    pauses_in_july = BooleanField(_l("No sessions in July"))
    rule = TextField(
        _l("Recurrence rule"),
        description=_l("As calendars write it (RRULE), such as FREQ=MONTHLY;BYDAY=2WE,4WE."),
    )
    starts_on = DateField(_l("First day"), description=_l("The rhythm counts from here."))
    begins_at = TimeField(_l("From"), name="starts_at")
    ends_at = TimeField(_l("To"))
    place = TextField(_l("Place"))
    ended_on = DateField(_l("Last day"), description=_l("Leave it empty while the arena goes on."))
    measures = IdsField(_l("Measures"), name="measure")
    version = VersionField()

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = [("", _("None in particular")), *((str(unit.id), unit.name) for unit in units)]
        self.host_unit_id.choices = choices(ours)
        self.place_in_month.choices = choices(place_names())
        self.weekday.choices = choices(enumerate(weekday_names()))

    @property
    def day(self) -> date:
        """The day whose plan's measures are offered."""
        return today()

    def validate(self, **kwargs: Any) -> bool:
        valid = bool(super().validate(**kwargs))
        if self.rhythm_kind.data in {WEEKS, MONTHS} and not self.every.errors:
            if not self.every.data or not 1 <= self.every.data <= MOST_EVERY:
                self.refuse("every", _("Enter a number from 1 to %(most)s", most=MOST_EVERY))
                return False
        elif self.rhythm_kind.data == OWN and not self.rule.data:
            self.refuse("rule", _("Enter a recurrence rule such as FREQ=MONTHLY;BYDAY=1TU"))
            return False
        return valid

    @property
    def rhythm(self) -> str | None:
        kind, weekday = self.rhythm_kind.data, self.weekday.data % 7
        if kind in {WEEKS, MONTHS}:
            place = self.place_in_month.data if kind == MONTHS else None
            return Simple(int(self.every.data or 1), weekday, place, bool(self.pauses_in_july.data)).rule
        return self.rule.data if kind == OWN else None

    def values(self) -> ArenaValues:
        """What the operations take."""
        return ArenaValues(
            name=self.name.data,
            purpose=self.purpose.data,
            host_id=self.host_id.data,
            host_unit_id=self.host_unit_id.data,
            rhythm=self.rhythm,
            starts_on=self.starts_on.data,
            begins_at=self.begins_at.data,
            minutes=minutes_between(self.begins_at.data, self.ends_at.data),
            place=self.place.data,
            ended_on=self.ended_on.data,
            measure_ids=self.measures.data,
        )

    def refuse(self, field: str, *messages: Any) -> None:
        """The operations' fields by the form's."""
        if field == "rhythm":
            field = "rule" if self.rhythm_kind.data == OWN else "rhythm_kind"
        super().refuse({"minutes": "ends_at"}.get(field, field), *messages)


def minutes_between(begins_at: time | None, ends_at: time | None) -> int | None:
    """How long something lasts; 0 or less where it ends no later than it begins."""
    if ends_at is None:
        return None
    end = ends_at.hour * 60 + ends_at.minute
    return end - (begins_at.hour * 60 + begins_at.minute) if begins_at is not None else end


def end_of(begins_at: time | None, minutes: int | None) -> time | None:
    """The time of day at which something ends that lasts so long."""
    if begins_at is None or minutes is None:
        return None
    end = (begins_at.hour * 60 + begins_at.minute + minutes) % (24 * 60)
    return time(end // 60, end % 60)


def arena_values(arena: Arena) -> dict[str, Any]:
    """An arena by the form's fields, its measures aside."""
    shown = simple(arena.rhythm) if arena.rhythm else None
    kind = NONE if arena.rhythm is None else OWN
    if shown is not None:
        kind = WEEKS if shown.place is None else MONTHS
    return {
        "name": arena.name,
        "purpose": arena.purpose,
        "host_id": arena.host_id,
        "host_unit_id": arena.host_unit_id,
        "rhythm_kind": kind,
        "every": shown.every if shown else 1,
        "place_in_month": (shown.place if shown else None) or 1,
        "weekday": shown.weekday if shown else 0,
        "pauses_in_july": bool(shown and shown.pauses_in_july),
        "rule": arena.rhythm if kind == OWN else None,
        "starts_on": arena.starts_on,
        "begins_at": arena.begins_at,
        "ends_at": end_of(arena.begins_at, arena.minutes),
        "place": arena.place,
        "ended_on": arena.ended_on,
    }


class MemberForm(Form):
    """A new member: an organisation, or a person for one."""

    organisation_id = PickField(
        _l("Organisation"), name="organisation", description=_l("The member, or whom the person comes for.")
    )
    contact_id = PickField(
        _l("Person"),
        name="contact",
        description=_l("Leave it empty where the organisation sends whom it will."),
    )
    started_on = DateField(_l("First day"))


class EndMemberForm(Form):
    ended_on = DateField(_l("Last day"))


class NewSessionForm(Form):
    """A session on another day than the rhythm has, or outside it."""

    starts_on = DateField(_l("Date"))
    begins_at = TimeField(_l("From"), name="starts_at")
    ends_at = TimeField(_l("To"))
    place = TextField(_l("Place"))
    agenda = TextArea(_l("Agenda"), description=_l("Markdown works: **bold**, and - for lists."))
    occurrence = HiddenField()

    def times(self) -> SessionTimes:
        return SessionTimes(
            begins_at=self.begins_at.data,
            minutes=minutes_between(self.begins_at.data, self.ends_at.data),
            place=self.place.data,
        )

    def validate(self, **kwargs: Any) -> bool:
        valid = bool(super().validate(**kwargs))
        minutes = minutes_between(self.begins_at.data, self.ends_at.data)
        if minutes is not None and self.begins_at.data is None and not self.begins_at.errors:
            self.refuse("begins_at", _("Enter when it begins, or leave out when it ends"))
            return False
        if minutes is not None and minutes <= 0 and not self.ends_at.errors:
            self.refuse("ends_at", _("Enter an end that is later than the beginning"))
            return False
        return valid

    @property
    def proposed_for(self) -> date | None:
        """The day of the rhythm that it stands for."""
        return day_written(self.occurrence.data)


def day_written(value: str | None) -> date | None:
    """A day as addresses and hidden fields have it; None for anything else."""
    try:
        return datetime.strptime(value or "", "%Y-%m-%d").date()  # noqa: DTZ007  a day
    except ValueError:
        return None


class SessionForm(Form):
    """Who came, what was to be talked about, what was decided, and what it counts under."""

    came = SelectMultipleField(
        _l("Members who came"),
        coerce=int,
        choices=[],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    other_contacts = IdsField(_l("Other people who came"), name="other_contact")
    other_organisations = IdsField(_l("Other organisations"), name="other_organisation")
    agenda = TextArea(_l("Agenda"))
    decisions = TextArea(
        _l("What was decided"),
        description=_l("Stands on the arena's page, for those who may read the session."),
    )
    notes = TextArea(_l("Minutes of the session"), description=_l("Stand as the notes of the session."))
    measures = IdsField(_l("Measures"), name="measure")
    version = VersionField()

    day: date

    def offer(
        self, members: Sequence[Member], contacts: Sequence[Named], organisations: Sequence[Named]
    ) -> None:
        """The members to tick, and the names of whoever else may be chosen."""
        self.came.choices = choices((member.id, label_of(member)) for member in members)
        for field, named in ((self.other_contacts, contacts), (self.other_organisations, organisations)):
            field.choices = choices((one.id, one.name) for one in named)

    def refuse(self, field: str, *messages: Any) -> None:
        """The operations' fields by the form's."""
        names = {"organisations": "came", "contacts": "other_contacts"}
        super().refuse(names.get(field, field), *messages)


def label_of(member: Member) -> str:
    """“Kari Aas (Aas AS)”"""
    if member.contact and member.organisation:
        return f"{member.name} ({member.organisation})"
    return member.name
