from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from crm.accounts.models import User
from crm.plan.models import Measure, MeasureStatus
from crm.plan.rules import LABEL_CHARACTERS, TITLE_CHARACTERS
from crm.web.forms import DateField, Form, TextField

SAME_PERIOD = ("starts_on", _l("There is a plan that begins on this day already"))


class ImportForm(Form):
    """The document, and what to call the plan; what is left open is taken from the document or its file's name."""

    document = FileField(
        _l("Document"),
        validators=[FileRequired(_l("Choose the document with the plan"))],
        description=_l("Word (.docx), Excel (.xlsx), CSV or plain text, at most 5 MB."),
    )
    title = TextField(
        _l("Title"),
        validators=[Length(max=TITLE_CHARACTERS)],
        description=_l("Left open, it is taken from the document or its file name."),
    )
    starts_on = DateField(_l("First day"))
    ends_on = DateField(_l("Last day"))


class PlanForm(Form):
    """What a new plan is called, and when it is in force."""

    constraint_errors = {"plans_starts_on": SAME_PERIOD, "plans.starts_on": SAME_PERIOD}  # noqa: RUF012  read only

    title = TextField(_l("Title"), validators=[InputRequired(_l("Enter a title for the plan"))])
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Enter the plan's first day"))])
    ends_on = DateField(_l("Last day"), validators=[InputRequired(_l("Enter the plan's last day"))])

    def heading(self) -> dict[str, Any]:
        """The plan's title, first and last day."""
        return {name: self._fields[name].data for name in ("title", "starts_on", "ends_on")}


class ConfirmForm(PlanForm):
    """The preview's form: it carries the document that was shown."""

    sealed = HiddenField()


class MeasureForm(Form):
    label_nb = TextField(
        _l("Short label in bokmål"), validators=[InputRequired(_l("Enter a short label in bokmål"))]
    )
    label_nn = TextField(_l("Short label in nynorsk"))
    label_en = TextField(_l("Short label in English"))
    status = SelectField(
        _l("Status"), choices=[SelectChoice(status.value, status.label) for status in MeasureStatus]
    )
    lead_id = SelectField(
        _l("Lead"),
        coerce=lambda value: int(value) if value else None,
        description=_l("Who follows the measure up."),
    )
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def __init__(self, *args: Any, leads: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lead_id.choices = [
            SelectChoice("", _l("Nobody")),
            *(SelectChoice(str(user.id), user.name) for user in leads),
        ]
        for field in (self.label_nb, self.label_nn, self.label_en):
            field.description = _l("At most %(limit)s characters.", limit=LABEL_CHARACTERS)

    def values(self) -> dict[str, Any]:
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token"}


def values_of(measure: Measure) -> dict[str, Any]:
    """The measure's values by the form's field names."""
    return {
        "label_nb": measure.labels.get("nb"),
        "label_nn": measure.labels.get("nn"),
        "label_en": measure.labels.get("en"),
        "status": measure.status,
        "lead_id": measure.lead_id,
        "version": measure.version,
    }
