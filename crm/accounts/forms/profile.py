from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, PasswordField, SelectField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from crm.accounts import rules
from crm.accounts.forms.signing_in import new_password_field, password_again_field
from crm.accounts.models import Language, Unit, User
from crm.web.forms import DateField, Form, PhoneField, TextField
from crm.web.forms.choices import choices
from crm.web.forms.validators import Ruled

LANGUAGES = choices((language.value, language.label) for language in Language)


def identity(value: Any) -> int | None:
    """The id that a list sends; None for its empty line."""
    return int(value) if value not in {None, "", "None"} else None


class DetailsForm(Form):
    """What users decide about themselves."""

    name = TextField(_l("Name"), validators=[Ruled(rules.person_name, required=True)])
    unit_id = SelectField(
        _l("Unit"), coerce=identity, description=_l("Is yours not in the list? An administrator can add it.")
    )
    phone = PhoneField(_l("Telephone"))
    language = SelectField(_l("Language"), choices=LANGUAGES)
    wants_digest = BooleanField(
        _l("E-mail in the morning"),
        description=_l(
            "On working days, when something you have promised is due, something is planned or waits for an answer. "
            "Not while you are away."
        ),
    )
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit_id.choices = choices([("", _l("None")), *((unit.id, unit.name) for unit in units)])

    def values(self) -> dict[str, Any]:
        names = ("name", "unit_id", "phone", "language", "wants_digest", "version")
        return {name: self._fields[name].data for name in names}


def details_of(user: User) -> dict[str, Any]:
    """The user's values by the form's field names."""
    names = ("name", "unit_id", "phone", "language", "wants_digest")
    return {name: getattr(user, name) for name in names}


class AbsenceForm(Form):
    starts_on = DateField(_l("First day away"), validators=[InputRequired(_l("Enter the first day away"))])
    ends_on = DateField(_l("Last day away"), validators=[InputRequired(_l("Enter the last day away"))])
    deputy_id = SelectField(
        _l("Deputy"),
        coerce=identity,
        description=_l("Who is shown to colleagues and callers in the meantime."),
    )

    def __init__(self, *args: Any, deputies: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deputy_id.choices = choices([("", _l("Nobody")), *((user.id, user.name) for user in deputies)])

    def values(self) -> dict[str, Any]:
        return {name: self._fields[name].data for name in ("starts_on", "ends_on", "deputy_id")}


class NewPasswordForm(Form):
    """For a user who knows the present one."""

    password = PasswordField(
        _l("Present password"), validators=[InputRequired(_l("Enter your present password"))]
    )
    new_password = new_password_field()
    password_again = password_again_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owner = (user.name, user.email)

    def owner(self) -> tuple[str, str]:
        return self._owner
