from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms import Form as PlainForm

from crm.database import now
from crm.interactions.joined import LOGGED_KINDS
from crm.interactions.models import Interaction, InteractionKind, InteractionStatus
from crm.interactions.operations import InteractionValues, NewContact, NewFollowUp
from crm.interactions.rules import TITLE_LENGTH
from crm.interactions.vocabulary import Outcome, Signal
from crm.organisations.forms.fields import PickField, VersionField, choices
from crm.web.clock import instant, local, today
from crm.web.forms import DateField, EmailField, Form, PhoneField, TextArea, TextField, TimeField

MOST_CHOSEN = 200


class IdsField(Field):
    """Records that were chosen, in the order of choosing; data is their ids. Without JavaScript "Find" posts the
    form, and the view puts the hits in `results`.
    """

    results: Sequence[Any] | None = None
    chosen: Sequence[Any] = ()

    def process_formdata(self, valuelist: list[str]) -> None:
        ids = [int(one) for one in valuelist if one.isascii() and one.isdigit() and len(one) < 10]
        self.data = list(dict.fromkeys(ids))[:MOST_CHOSEN]

    def process_data(self, value: Any) -> None:
        self.data = list(value or ())

    @property
    def query(self) -> str:
        """What was typed to find one."""
        return request.form.get(f"{self.name}_query", "")


class NewContactForm(PlainForm):
    """A person met for the first time. One field for the name: it is filled in on a phone, standing."""

    class Meta(Form.Meta):
        csrf = False

    name = TextField(_l("Name"))
    title = TextField(_l("Role"))
    phone = PhoneField(_l("Telephone"))
    email = EmailField(_l("E-mail"))

    @property
    def is_empty(self) -> bool:
        return not any(field.raw_data and field.raw_data[0].strip() for field in self)

    def person(self) -> NewContact:
        given, _space, family = (self.name.data or "").rpartition(" ")
        return NewContact(
            given_name=given or family,
            family_name=family if given else "",
            title=self.title.data,
            phone=self.phone.data,
            email=self.email.data,
        )


class LogForm(Form):
    """Everything there is to say about an interaction; what is asked for first stands first."""

    submission_key = HiddenField()
    version = VersionField()
    organisations = IdsField(_l("Organisation"), name="organisation")
    kind = RadioField(
        _l("Kind"),
        choices=choices((kind.value, kind.label) for kind in LOGGED_KINDS),
        default=InteractionKind.company_visit,
        validate_choice=False,
    )
    starts_on = DateField(_l("Date"), name="date")
    starts_at = TimeField(_l("From"))
    ends_at = TimeField(_l("To"))
    contacts = IdsField(_l("People met"), name="contact")
    other_contacts = IdsField(_l("Somebody else"), name="other_contact")
    new_contacts = FieldList(FormField(NewContactForm), _l("New person"), min_entries=1, max_entries=10)
    measures = IdsField(_l("Measures"), name="measure")
    notes = TextArea(_l("Notes"))
    signals = SelectMultipleField(
        _l("Signals"),
        name="signal",
        choices=choices((signal.value, signal.label) for signal in Signal),
        validate_choice=False,
    )
    follow_up_text = TextField(_l("What was promised"))
    follow_up_due_on = DateField(_l("Due"))
    follow_up_owner = SelectField(_l("Who does it"), coerce=int, choices=[], validate_choice=False)
    place = TextField(_l("Place"))
    advisors = IdsField(_l("Advisors"), name="advisor")
    confidential = BooleanField(_l("Confidential"))
    title = TextField(_l("Title"))

    def validate(self, **kwargs: Any) -> bool:
        valid = bool(super().validate(**kwargs))
        timed = self.starts_at.data or self.ends_at.data
        if timed and self.starts_on.data is None and not self.starts_on.errors:
            self.refuse("starts_on", _("Enter the date that the times belong to"))
            return False
        return valid

    @property
    def wanted(self) -> str:
        """What the pressed button asks for besides saving: the name of a field to find somebody for, or ""."""
        return str(request.form.get("find", "")) if self.is_submitted() else ""

    @property
    def status(self) -> str:
        """What it is to be saved as: the pressed button's, else what the date makes of it."""
        return request.form.get("status") or self.likely_status

    @property
    def likely_status(self) -> InteractionStatus:
        """Held up to now, planned from now on."""
        begins = self.starts_on.data
        if begins is None or begins < today():
            return InteractionStatus.held
        if begins > today() or (self.starts_at.data and instant(begins, self.starts_at.data) > now()):
            return InteractionStatus.planned
        return InteractionStatus.held

    @property
    def people(self) -> list[NewContactForm]:
        return [entry.form for entry in self.new_contacts.entries if not entry.form.is_empty]

    @property
    def contact_ids(self) -> list[int]:
        return list(dict.fromkeys([*(self.contacts.data or ()), *(self.other_contacts.data or ())]))

    @property
    def holds_more_than_when_and_whom(self) -> bool:
        """Whether anything was typed or chosen that would be missed, were the form thrown away."""
        given = (self.notes, self.follow_up_text, self.measures, self.place, self.title)
        return bool(self.contact_ids or self.people or any(field.data for field in given))

    @property
    def day(self) -> date:
        """The day whose plan's measures are offered."""
        return self.starts_on.data or today()

    def values(self, before: Interaction | None = None) -> InteractionValues:
        """What the operations take. `before` is the interaction at hand: an end on a later day stays there."""
        starts_on, begins, ends = self.starts_on.data, self.starts_at.data, self.ends_at.data
        last = starts_on + _nights(before) if starts_on else None
        return InteractionValues(
            kind=self.kind.data,
            status=self.status,
            title=self.title.data,
            starts_on=starts_on,
            starts_at=instant(starts_on, begins) if starts_on and begins else None,
            ends_at=instant(last, ends) if last and ends else None,
            place=self.place.data,
            notes=self.notes.data,
            confidential=self.confidential.data,
            organisation_ids=self.organisations.data,
            contact_ids=self.contact_ids,
            advisor_ids=self.advisors.data,
            measure_ids=self.measures.data,
            signals=self.signals.data or (),
        )

    def new_people(self) -> list[NewContact]:
        return [form.person() for form in self.people]

    def follow_ups(self) -> list[NewFollowUp]:
        """What was promised, if anything was typed."""
        if not self.follow_up_text.data:
            return []
        return [
            NewFollowUp(
                text=self.follow_up_text.data,
                due_on=self.follow_up_due_on.data,
                owner_id=self.follow_up_owner.data,
            )
        ]

    def refuse(self, field: str, *messages: Any) -> None:
        """Errors of a new person are named `new_contacts-0-email`: the place among those filled in."""
        name, _dash, rest = field.partition("-")
        if name != "new_contacts" or not rest:
            return super().refuse(field, *messages)
        place, _dash, inner = rest.partition("-")
        person = self.people[int(place)]
        target = person._fields.get(inner, person.name)
        target.errors = [*target.errors, *messages]
        self.new_contacts.errors = [entry.errors for entry in self.new_contacts.entries]
        return None


class FollowUpForm(Form):
    text = TextField(_l("What was promised"))
    due_on = DateField(_l("Due"))
    owner = SelectField(_l("Who does it"), coerce=int, validate_choice=False)
    version = VersionField()


class NewFollowUpForm(FollowUpForm):
    """A follow-up that is made alone."""

    organisation = PickField(_l("Organisation"))


class FinishForm(Form):
    """Done, and perhaps what comes next."""

    done_note = TextField(_l("How did it go?"), description=_l("A word for those who read it later."))
    next_text = TextField(_l("What is to be done"))
    next_due_on = DateField(_l("Due"))
    next_owner = SelectField(_l("Who does it"), coerce=int, validate_choice=False)

    @property
    def following(self) -> NewFollowUp | None:
        """The next one, where that button was pressed."""
        if "schedule" not in request.form:
            return None
        return NewFollowUp(
            text=self.next_text.data, due_on=self.next_due_on.data, owner_id=self.next_owner.data
        )


class MoveForm(Form):
    """Another time for what is planned."""

    starts_on = DateField(_l("New date"))
    starts_at = TimeField(_l("From"))
    version = VersionField()


class OutcomeForm(Form):
    """What came of an introduction."""

    outcome = RadioField(
        _l("What came of it?"),
        choices=choices([("", _l("Not known yet")), *((one.value, one.label) for one in Outcome)]),
        validate_choice=False,
    )
    outcome_note = TextField(_l("More about what came of it"))
    outcome_on = DateField(_l("Known since"))
    version = VersionField()

    @property
    def told(self) -> InteractionValues:
        """What operations take; where nothing is known and nothing was written, the day that stands there says nothing."""
        outcome, note = self.outcome.data or None, self.outcome_note.data or None
        known = outcome is not None or note is not None
        return InteractionValues(
            outcome=outcome, outcome_note=note, outcome_on=self.outcome_on.data if known else None
        )


def _nights(interaction: Interaction | None) -> timedelta:
    """How many days after its start an interaction ends."""
    if interaction is None or interaction.starts_at is None or interaction.ends_at is None:
        return timedelta(0)
    return local(interaction.ends_at).date() - local(interaction.starts_at).date()


def generated_title(kind: str | None, organisations: Sequence[str]) -> str:
    """A title for what was left without one, in the reader's language: “Company visit: Aas AS”."""
    label = str(InteractionKind(kind).label) if kind in set(InteractionKind) else str(_("Interaction"))
    names = ", ".join(organisations)
    title = _("%(kind)s: %(organisations)s", kind=label, organisations=names) if names else label
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"
