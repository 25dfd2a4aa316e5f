from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError

from crm.extensions import db


def shown(field: Any, value: Any) -> str:
    """A field's value as its reader knows it: the label of a choice, the words of a list."""
    if isinstance(value, list | tuple):
        return ", ".join(shown(field, one) for one in value)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    text = "" if value is None else str(value)
    choices = getattr(field, "choices", None)
    labels = {str(one.value): one.label for one in choices} if isinstance(choices, list) else {}
    return str(labels.get(text, text))


class Translations:
    """WTForms' own messages come from our catalogues: the library ships no nynorsk."""

    def gettext(self, text: str) -> str:
        return str(_(text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(_(singular if n == 1 else plural))


class Form(FlaskForm):
    """What every form of the product is made from."""

    constraint_errors: dict[str, tuple[str, Any]] = {}  # noqa: RUF012  read only
    """Name of a database constraint → (field, message): where a race shows its error."""

    conflicts: list[tuple[Any, Any, Any]] = []  # noqa: RUF012  read only

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Any) -> Any:
            return Translations()

    def refuse(self, field: str, *messages: Any) -> None:
        """Put errors at a field, as a rule or the database found them."""
        target = self._fields.get(field)
        if target is None:
            self.form_errors.extend(messages)
        else:
            target.errors = [*target.errors, *messages]

    def refuse_all(self, errors: dict[str, list[Any]]) -> None:
        for field, messages in errors.items():
            self.refuse(field, *messages)

    def compare(self, current: dict[str, Any], version: int) -> None:
        """After a conflict: `conflicts` lists (label, theirs, yours), in words, of each field that differs; what was
        typed stays, and the next save is made on top of theirs.
        """
        self.conflicts = [
            (field.label.text, shown(field, current[name]), shown(field, field.data))
            for name, field in self._fields.items()
            if name in current and current[name] != field.data
        ]
        kept = self._fields["version"]
        kept.data, kept.raw, kept.raw_data = version, None, None

    def explain(self, error: IntegrityError) -> None:
        """Show a violated constraint at its field. Raises the error again where no field is to blame."""
        db.session.rollback()
        told = f"{error.orig}"
        for name, (field, message) in self.constraint_errors.items():
            if name in told:
                self.refuse(field, message)
                return
        raise error
