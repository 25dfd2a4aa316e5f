from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from crm.organisations.forms.fields import PickField, VersionField, choices
from crm.web.forms import Form

KEPT, TAKEN = "kept", "taken"


class OtherForm(Form):
    """The other record that is the same."""

    other_id = PickField(_l("Which one is the same?"))


class MergeForm(Form):
    """Whose value wins, for each field in which the two differ: made by `merge_form`."""

    version = VersionField()
    other_version = VersionField()

    def chosen(self) -> list[str]:
        """The fields in which the value of the record that goes wins."""
        return [
            name
            for name, field in self._fields.items()
            if isinstance(field, RadioField) and field.data == TAKEN
        ]


def merge_form(survivor: Any, loser: Any, fields: dict[str, Any], shown: Any) -> MergeForm:
    """The form for two records; `fields` are labels by name, `shown` puts a field's value into words. At first what is
    filled in wins, then what was changed last.
    """
    differing = [name for name in fields if getattr(survivor, name) != getattr(loser, name)]
    newest = TAKEN if loser.updated_at > survivor.updated_at else KEPT
    given: dict[str, Any] = {"version": survivor.version, "other_version": loser.version}
    made: dict[str, Any] = {}
    for name in differing:
        values = getattr(survivor, name), getattr(loser, name)
        both = [(KEPT, shown(name, values[0])), (TAKEN, shown(name, values[1]))]
        made[name] = RadioField(fields[name], choices=choices(both))
        given[name] = KEPT if values[1] in (None, "") else TAKEN if values[0] in (None, "") else newest
    given |= {name: KEPT for name in made if name in {"name", "given_name", "family_name"}}
    form: MergeForm = type("MergeFormOfTwo", (MergeForm,), made)(data=given)
    return form
