from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from crm.accounts import rules
from crm.accounts.forms.profile import LANGUAGES
from crm.accounts.models import Role, User
from crm.accounts.queries import UserFilter
from crm.web.forms import EmailField, Form, PhoneField, TextField
from crm.web.forms.choices import choices
from crm.web.forms.validators import Ruled

TAKEN = ("email", _l("There is already a user with this e-mail address"))
ROLES = [(role.value, role.label) for role in Role]
FIELDS = ("name", "email", "role", "unit", "phone", "language")


class UserForm(Form):
    """A user as an administrator makes and edits them."""

    constraint_errors = {"uq_users_email": TAKEN, "users.email": TAKEN}  # noqa: RUF012  read only

    name = TextField(_l("Name"), validators=[Ruled(rules.person_name, required=True)])
    email = EmailField(
        _l("E-mail address"),
        validators=[Ruled(rules.email, required=True)],
        description=_l("The user signs in with it, and gets the invitation there."),
    )
    role = SelectField(
        _l("Role"),
        choices=choices([("", _l("Choose a role")), *ROLES]),
        validators=[Ruled(rules.role, required=True)],
        validate_choice=False,
    )
    unit = TextField(
        _l("Unit"),
        validators=[Ruled(rules.unit_name)],
        description=_l("Pick one that is there, or type a new name."),
    )
    phone = PhoneField(_l("Telephone"))
    language = SelectField(_l("Language"), choices=LANGUAGES)
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def values(self) -> dict[str, Any]:
        return {name: self._fields[name].data for name in FIELDS}


def values_of(user: User) -> dict[str, Any]:
    """The user's values by the form's field names."""
    values = {name: getattr(user, name) for name in FIELDS if name != "unit"}
    return values | {"unit": user.unit.name if user.unit else None}


class UserFilterForm(Form):
    """Narrows the list of users; it is in the address, so it needs no CSRF token."""

    class Meta(Form.Meta):
        csrf = False

    q = TextField(_l("Name or e-mail address"))
    role = SelectField(_l("Role"), choices=choices([("", _l("All roles")), *ROLES]))
    state = SelectField(
        _l("State"),
        choices=choices([("active", _l("Active")), ("deactivated", _l("Deactivated")), ("all", _l("All"))]),
        default="active",
    )

    def wanted(self) -> UserFilter:
        """What is asked for; what the lists do not hold is passed over."""
        role = self.role.data if self.role.data in set(Role) else None
        state = self.state.data if self.state.data in {"active", "deactivated", "all"} else "active"
        return UserFilter(q=self.q.data, role=role, state=state)
