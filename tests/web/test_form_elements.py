import pytest
from wtforms import BooleanField, Form, HiddenField, SelectField, SelectMultipleField, validators
from wtforms.fields.choices import SelectChoice

from crm.web.forms import DateField, NumberField, PhoneField, TextArea, TextField
from crm.web.forms.choices import choices
from crm.web.forms.elements import element


class Everything(Form):
    text = TextField(validators=[validators.InputRequired(), validators.Length(max=20)], default="<b>&\"'")
    number = NumberField(default=0)
    phone = PhoneField(default="+4763800000")
    day = DateField()
    area = TextArea(validators=[validators.Length(max=400)], default="one\n</textarea>")
    one = SelectField(choices=choices([("", "Nobody"), ("<", "<Less>"), ("b", "")]), default="<")
    coerced = SelectField(choices=[SelectChoice(1, "One"), SelectChoice(2, "Two")], coerce=int, default=2)
    grouped = SelectField(
        choices=[SelectChoice("a", "a", optgroup="A"), SelectChoice("b", "b", optgroup="B")]
    )
    several = SelectMultipleField(choices=choices([("a", "a"), ("b", "b")]), default=["b"])
    yes = BooleanField(default=True)
    hidden = HiddenField(default="x")


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"id": False},
        {"class": "ds-input", "required": False, "aria-describedby": "a<b", "data-words": True},
    ],
)
@pytest.mark.parametrize("name", [name for name in vars(Everything) if not name.startswith("_")])
def test_elements_are_as_the_library_writes_them(name, attributes):
    field = Everything()[name]
    assert element(field, attributes) == field(**attributes)
