"""A field's own element, as WTForms' widgets write it. They write each attribute and each choice by a way of their own that
costs more than all else in a long form.
"""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape
from wtforms.widgets import Select, TextArea


def element(field: Any, attributes: Mapping[str, Any]) -> Markup:
    """The element as markup; attributes that are True stand alone, those that are False are left out."""
    widget = field.widget
    by_type = _input if getattr(widget, "input_type", "") in TYPED else _by_widget
    write = _WRITERS.get(type(widget), by_type)
    return Markup(write(field, attributes))  # noqa: S704  escaped where it is written


def _input(field: Any, attributes: Mapping[str, Any]) -> str:
    own: dict[str, Any] = {"type": field.widget.input_type, "value": field._value()}  # noqa: SLF001  WTForms' protocol for widgets
    return f"<input {_written(field, {**own, **attributes})}>"


def _text_area(field: Any, attributes: Mapping[str, Any]) -> str:
    text = escape(field._value())  # noqa: SLF001  WTForms' protocol for widgets
    return f"<textarea {_written(field, attributes)}>\r\n{text}</textarea>"


def _select(field: Any, attributes: Mapping[str, Any]) -> str:
    if field.widget.multiple or field.has_groups():
        return _by_widget(field, attributes)
    options = "".join(
        f'<option{" selected" if field.coerce(choice.value) == field.data else ""} value="{escape(choice.value)}">'
        f"{escape(choice.label) or escape(choice.value)}</option>"
        for choice in field.choices
    )
    return f"<select {_written(field, attributes)}>{options}</select>"


def _by_widget(field: Any, attributes: Mapping[str, Any]) -> str:
    return str(field(**attributes))


def _written(field: Any, attributes: Mapping[str, Any]) -> str:
    """The attributes, with the field's name, its id and what its validators ask for."""
    asked = field.widget.validation_attrs
    flags = {name: value for name, value in vars(field.flags).items() if name in asked}
    found = {"id": field.id, "name": field.name, **flags, **attributes}
    return " ".join(
        name if value is True else f'{name}="{escape(value)}"'
        for name, value in sorted(found.items())
        if value is not False
    )


_WRITERS: dict[Any, Callable[[Any, Mapping[str, Any]], str]] = {
    TextArea: _text_area,
    Select: _select,
}
TYPED = frozenset({"text", "date", "time", "tel", "email", "number", "search", "url", "hidden"})
"""Kinds of input whose value is what was typed."""
