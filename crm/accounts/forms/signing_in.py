"""Forms for those who are not signed in. They check their CSRF token themselves: one that has run out is renewed on the
spot, where other forms lead to signing in.
"""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import InputRequired, ValidationError

from crm.accounts import passwords, rules
from crm.web.forms import EmailField, Form, TextField
from crm.web.forms.validators import Ruled


class SignedOutForm(Form):
    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        token = self._fields.get("csrf_token")
        if token is not None and token.errors:
            token.errors = [_("The page had been open for a long time. Please send it once more.")]
        return bool(valid)


class SignInForm(SignedOutForm):
    email = EmailField(_l("E-mail address"), validators=[InputRequired(_l("Enter your e-mail address"))])
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Enter your password"))])


class SignOutForm(Form):
    """Nothing but its CSRF token."""


class ForgottenPasswordForm(SignedOutForm):
    email = EmailField(_l("E-mail address"), validators=[Ruled(rules.email, required=True)])


class ChosenPassword:
    """A new password will do for the user whose it becomes; the form knows their name and e-mail address."""

    field_flags = {"required": True}  # noqa: RUF012  WTForms reads it from the class

    def __call__(self, form: Any, field: Any) -> None:
        name, email = form.owner()
        try:
            passwords.new_password(field.data, name=name, email=email)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class SameAgain:
    field_flags = {"required": True}  # noqa: RUF012  WTForms reads it from the class

    def __call__(self, form: Any, field: Any) -> None:
        if form.new_password.data and not form.new_password.errors and field.data != form.new_password.data:
            raise ValidationError(_("The two passwords are not the same. Enter both once more."))


def new_password_field() -> Any:
    return PasswordField(
        _l("New password"),
        validators=[ChosenPassword()],
        description=_l("At least 12 characters. Four words in a row are easy to remember and hard to guess."),
    )


def password_again_field() -> Any:
    return PasswordField(_l("The same password again"), validators=[SameAgain()])


class ChoosePasswordForm(SignedOutForm):
    """For the holder of a one-time link."""

    new_password = new_password_field()
    password_again = password_again_field()

    def __init__(self, *args: Any, name: str = "", email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owner = (name, email)

    def owner(self) -> tuple[str, str]:
        return self._owner


class FirstAdministratorForm(ChoosePasswordForm):
    name = TextField(_l("Your name"), validators=[Ruled(rules.person_name, required=True)])
    email = EmailField(_l("Your e-mail address"), validators=[Ruled(rules.email, required=True)])
    new_password = new_password_field()
    password_again = password_again_field()

    def owner(self) -> tuple[str, str]:
        return self.name.data or "", self.email.data or ""
