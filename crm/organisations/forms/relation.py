from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from crm.organisations.forms.contact import Dated
from crm.organisations.forms.fields import PickField, choices
from crm.organisations.models import RelationKind
from crm.organisations.operations.relations import SYMMETRIC
from crm.web.forms import DateField

BACK = "back:"
"""Before a kind: it is meant the other way round."""


class RelationForm(Dated):
    kind = SelectField(
        _l("Relation"),
        choices=choices(
            [
                *((kind.value, kind.label) for kind in RelationKind),
                *((BACK + kind.value, kind.inverse_label) for kind in RelationKind if kind not in SYMMETRIC),
            ]
        ),
        validate_choice=False,
    )
    to_id = PickField(_l("The other organisation"))
    started_on = DateField(_l("First day"))

    def validate(self, **kwargs: Any) -> bool:
        valid = super().validate(**kwargs)
        if (self.kind.data or "").removeprefix(BACK) not in set(RelationKind):
            self.refuse("kind", _("Choose one from the list"))
            return False
        return valid

    def values(self, organisation_id: int) -> dict[str, Any]:
        """The values that add_relation takes, seen from the organisation whose page the form stands on."""
        ends = (organisation_id, self.to_id.data)
        from_id, to_id = reversed(ends) if self.kind.data.startswith(BACK) else ends
        return {
            "kind": self.kind.data.removeprefix(BACK),
            "from_id": from_id,
            "to_id": to_id,
            "started_on": self.started_on.data,
        }
