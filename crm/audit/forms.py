from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from crm.audit.descriptions import kinds
from crm.audit.queries import AuditFilter
from crm.web.forms import DateField, Form
from crm.web.forms.choices import choices


class AuditFilterForm(Form):
    """Narrows the log; it is in the address, so it needs no CSRF token."""

    class Meta(Form.Meta):
        csrf = False

    kind = SelectField(_l("What"))
    actor = SelectField(_l("Who"))
    from_day = DateField(_l("From and including"), name="from")
    to_day = DateField(_l("To and including"), name="to")

    def __init__(self, *args: Any, actors: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices([("", _l("Everything")), *kinds()])
        self.actor.choices = choices([("", _l("Everybody")), *actors])

    def wanted(self) -> AuditFilter:
        """What is asked for; what cannot be understood is passed over."""
        actor = self.actor.data or ""
        return AuditFilter(
            kind=self.kind.data or None,
            actor_id=int(actor) if actor.isdecimal() and len(actor) < 10 else None,
            from_day=self.from_day.data,
            to_day=self.to_day.data,
        )
