from crm.accounts.forms.profile import AbsenceForm, DetailsForm, NewPasswordForm
from crm.accounts.forms.signing_in import (
    ChoosePasswordForm,
    FirstAdministratorForm,
    ForgottenPasswordForm,
    SignInForm,
    SignOutForm,
)
from crm.accounts.forms.tokens import TokenForm
from crm.accounts.forms.users import UserFilterForm, UserForm

__all__ = [
    "AbsenceForm",
    "ChoosePasswordForm",
    "DetailsForm",
    "FirstAdministratorForm",
    "ForgottenPasswordForm",
    "NewPasswordForm",
    "SignInForm",
    "SignOutForm",
    "TokenForm",
    "UserFilterForm",
    "UserForm",
]
