from crm.web.forms.base import Form
from crm.web.forms.fields import (
    DateField,
    EmailField,
    NumberField,
    PhoneField,
    TextArea,
    TextField,
    TimeField,
)

__all__ = [
    "DateField",
    "EmailField",
    "Form",
    "NumberField",
    "PhoneField",
    "TextArea",
    "TextField",
    "TimeField",
]
