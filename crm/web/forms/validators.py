"""How a form uses the rules that the API and imports use as well."""

from collections.abc import Callable
from typing import Any

from wtforms.validators import ValidationError


class Ruled:
    """The field's value goes through a feature's rule: what it returns is kept; what it refuses is shown."""

    def __init__(self, rule: Callable[[Any], Any], *, required: bool = False) -> None:
        self.rule = rule
        self.field_flags = {"required": True} if required else {}

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.process_errors:
            try:
                field.data = self.rule(field.data)
            except ValueError as error:
                raise ValidationError(str(error)) from error
