from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from crm.accounts import rules
from crm.accounts.models import Scope
from crm.web.clock import today
from crm.web.forms import DateField, Form, TextField
from crm.web.forms.choices import choices
from crm.web.forms.validators import Ruled

USUAL_LIFE = timedelta(days=180)


class TokenForm(Form):
    name = TextField(
        _l("Name"),
        validators=[Ruled(rules.token_name, required=True)],
        description=_l("What it is for, such as the system that will use it."),
    )
    scope = RadioField(
        _l("The token may"),
        choices=choices((scope.value, scope.label) for scope in Scope),
        default=Scope.read.value,
        validators=[Ruled(rules.scope, required=True)],
        validate_choice=False,
    )
    last_day = DateField(
        _l("Last day"),
        validators=[Ruled(lambda day: rules.last_day(day, today()), required=True)],
        description=_l("At most a year from now."),
        default=lambda: today() + USUAL_LIFE,
    )

    def values(self) -> dict[str, Any]:
        return {name: self._fields[name].data for name in ("name", "scope", "last_day")}
