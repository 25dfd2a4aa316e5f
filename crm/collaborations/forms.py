from datetime import date
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField

from crm.collaborations.models import Stage
from crm.collaborations.operations import CollaborationValues
from crm.collaborations.queries.continuing import day_in
from crm.interactions.forms import IdsField, generated_title
from crm.interactions.models import InteractionKind
from crm.interactions.rules import TITLE_LENGTH
from crm.organisations.forms.fields import VersionField, choices
from crm.web.clock import today
from crm.web.forms import DateField, Form, NumberField, TextArea, TextField

ERRORS_AT = {"lead_id": "lead"}


class CollaborationForm(Form):
    """A year of a partnership; fields stand in the order in which its page tells them."""

    # Both databases name the column where they tell of it.
    constraint_errors = {  # noqa: RUF012  read only
        "submission_key": ("submission_key", _l("This form was sent before by somebody else. Save once more"))
    }

    submission_key = HiddenField()
    version = VersionField()
    continues = HiddenField()
    organisations = IdsField(_l("Partners"), name="organisation")
    year = NumberField(_l("Year"))
    stage = RadioField(
        _l("Stage"),
        choices=choices((stage.value, stage.label) for stage in Stage),
        default=Stage.idea,
        validate_choice=False,
    )
    starts_on = DateField(_l("Initiated on"), name="date")
    aim = TextArea(_l("Aim"))
    result = TextArea(_l("Result"))
    measures = IdsField(_l("Measures"), name="measure")
    lead = SelectField(_l("Lead"), coerce=int, choices=[], validate_choice=False)
    advisors = IdsField(_l("Advisors"), name="advisor")
    contacts = IdsField(_l("Contacts"), name="contact")
    notes = TextArea(_l("Notes"))
    confidential = BooleanField(_l("Confidential"))
    title = TextField(_l("Title"))

    @property
    def wanted(self) -> str:
        """What the pressed button asks for besides saving: the name of a field to find somebody for, or ""."""
        return str(request.form.get("find", "")) if self.is_submitted() else ""

    @property
    def day(self) -> date:
        """The day whose plan's measures are offered."""
        begun = self.starts_on.data if self.stage.data != Stage.idea else None
        return day_in(self.year.data or today().year, begun)

    def values(self, partners: list[str]) -> CollaborationValues:
        """What the operations take; `partners` are the names that a title is written from where none was."""
        return CollaborationValues(
            year=self.year.data,
            stage=self.stage.data,
            starts_on=self.starts_on.data,
            aim=self.aim.data,
            result=self.result.data,
            lead_id=self.lead.data,
            title=self.title.data or title_of(partners, self.year.data),
            notes=self.notes.data,
            confidential=self.confidential.data,
            organisation_ids=self.organisations.data,
            contact_ids=self.contacts.data,
            advisor_ids=self.advisors.data,
            measure_ids=self.measures.data,
        )

    def refused_nothing(self) -> None:
        """Forget what was wrong: it was saved after all."""
        for field in self:
            field.errors = []

    def refuse(self, field: str, *messages: Any) -> None:
        super().refuse(ERRORS_AT.get(field, field), *messages)


def title_of(partners: list[str], year: int | None) -> str:
    """A title for what was left without one, in the reader's language: “University collaboration: Aas 2027”."""
    named = generated_title(InteractionKind.collaboration, partners)
    title = f"{named} {year}" if year is not None else named
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"
