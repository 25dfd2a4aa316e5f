"""What the form components (templates/components/forms.html) ask of a field: quicker told here than there."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask
from markupsafe import Markup

from crm.web.forms.elements import element


def shape_of(field: Any) -> str:
    """`checkbox` for a single yes/no, `choices` for a group of them, `control` for all that is one element."""
    widget = field.widget
    if hasattr(widget, "html_tag"):
        return "choices"
    is_checkbox = getattr(widget, "input_type", "") == "checkbox" and not hasattr(widget, "multiple")
    return "checkbox" if is_checkbox else "control"


def takes_several(field: Any) -> bool:
    """Whether more than one choice can be taken."""
    holds_several = isinstance(field.data, Iterable) and not isinstance(field.data, str)
    boxes = getattr(field.option_widget, "input_type", "") == "checkbox"
    return holds_several or getattr(field.widget, "multiple", False) or boxes


def described_by(field: Any, text: Any) -> str:
    """The ids of the field's description and error, as far as there are any."""
    return " ".join([f"{field.id}-description"] * bool(text) + [f"{field.id}-error"] * bool(field.errors))


def control(field: Any, text: Any, more: Mapping[str, Any], **fixed: Any) -> Markup:
    """The field's own element, in the house's class and tied to its description (`text`) and errors. `more` are attributes
    as macros get them: hx_get for hx-get, class_ for a further class.
    """
    attributes: dict[str, Any] = {name: value for name, value in fixed.items() if value is not None}
    attributes["class"] = "ds-input"
    if described := described_by(field, text):
        attributes["aria-describedby"] = described
    if field.errors:
        attributes["aria-invalid"] = "true"
    for name, value in more.items():
        if name == "class_":
            attributes["class"] = f"ds-input {value}"
        else:
            attributes[name.replace("_", "-")] = value
    return element(field, attributes)


def register_form_components(app: Flask) -> None:
    app.jinja_env.globals.update(
        shape_of=shape_of,
        takes_several=takes_several,
        described_by=described_by,
        control=control,
        element=element,
    )
