from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from crm.organisations import naming, rules
from crm.organisations.forms.fields import (
    NamesField,
    OrganisationNumberField,
    VersionField,
    WordsField,
    choices,
    optional_id,
    values_of,
)
from crm.organisations.models import NameKind, Organisation, OrganisationKind, OrganisationStatus
from crm.web.forms import EmailField, Form, NumberField, PhoneField, TextArea, TextField
from crm.web.forms.validators import Ruled

FIELDS = (
    "name", "kind", "status", "organisation_number", "legal_form", "industry_code", "employees",
    "municipality_number", "street", "postcode", "city", "website", "email", "phone", "about",
    "account_manager_id", "deputy_id",
)  # fmt: skip
NAMES = {kind: f"{kind.value}_names" for kind in NameKind}
"""The field that holds the other names of each kind."""


def ruled(field: str, *, required: bool = False) -> list[Ruled]:
    return [Ruled(rules.ORGANISATION[field], required=required)]


class OrganisationForm(Form):
    constraint_errors = {  # noqa: RUF012  read only
        name: ("organisation_number", _l("This organisation number is already registered."))
        for name in ("uq_organisations_organisation_number", "organisations.organisation_number")
    }

    name = TextField(_l("Name"), validators=ruled("name", required=True))
    kind = SelectField(
        _l("Kind"),
        choices=choices((kind.value, kind.label) for kind in OrganisationKind),
        default=OrganisationKind.company,
        validators=ruled("kind", required=True),
        validate_choice=False,
    )
    organisation_number = OrganisationNumberField(
        _l("Organisation number"),
        validators=ruled("organisation_number"),
    )
    tags = WordsField(
        _l("Tags"),
        description=_l("Free words with commas between, such as food, export."),
        validators=ruled("tags"),
    )
    trade_names = NamesField(
        _l("Trade names"),
        description=_l("What people call them, one a line."),
        validators=[Ruled(naming.lines(NameKind.trade))],
    )
    legal_names = NamesField(
        _l("Legal names"),
        description=_l("As the business register writes them, where it is another name. One a line."),
        validators=[Ruled(naming.lines(NameKind.legal))],
    )
    earlier_names = NamesField(
        _l("Earlier names"),
        description=_l(
            "One a line, if known with a semicolon and the last day: Old Workshop AS; 31.12.2024. "
            "When you change the name above, the old one is kept here."
        ),
        validators=[Ruled(naming.lines(NameKind.earlier))],
    )
    website = TextField(_l("Website"), validators=ruled("website"))
    email = EmailField(_l("E-mail"), validators=ruled("email"))
    phone = PhoneField(_l("Telephone"), validators=ruled("phone"))
    account_manager_id = SelectField(_l("Account manager"), coerce=optional_id, validate_choice=False)
    deputy_id = SelectField(_l("Deputy"), coerce=optional_id, validate_choice=False)
    street = TextField(_l("Street address"), validators=ruled("street"))
    postcode = TextField(_l("Postcode"), validators=ruled("postcode"))
    city = TextField(_l("Town"), validators=ruled("city"))
    municipality_number = TextField(
        _l("Municipality number"),
        description=_l("Four digits; Lillestrøm is 3205."),
        validators=ruled("municipality_number"),
    )
    industry_code = TextField(
        _l("Industry code"), description=_l("Such as 62.010."), validators=ruled("industry_code")
    )
    legal_form = TextField(
        _l("Legal form"), description=_l("Such as AS or ENK."), validators=ruled("legal_form")
    )
    employees = NumberField(
        _l("Employees"), description=_l("Empty if not known."), validators=ruled("employees")
    )
    status = SelectField(
        _l("Status"),
        choices=choices((status.value, status.label) for status in OrganisationStatus),
        default=OrganisationStatus.active,
        validators=ruled("status", required=True),
        validate_choice=False,
    )
    about = TextArea(_l("About"), validators=ruled("about"))
    version = VersionField()

    def __init__(self, *args: Any, managers: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account_manager_id.choices = self.deputy_id.choices = choices(
            [("", _l("Nobody yet")), *managers]
        )

    def values(self) -> dict[str, Any]:
        """The values that create_organisation and update_organisation take."""
        names = [
            one._asdict() for kind, field in NAMES.items() for one in naming.of_lines(kind, self[field].data)
        ]
        return values_of(self, besides=tuple(NAMES.values())) | {"other_names": names}


def organisation_values(organisation: Organisation) -> dict[str, Any]:
    """An organisation's values by the form's fields; its tags and names must be loaded or loadable."""
    names = naming.in_order(organisation.names)
    return (
        {field: getattr(organisation, field) for field in FIELDS}
        | {"tags": [tag.name for tag in organisation.tags]}
        | {field: [one.line for one in names if one.kind == kind] for kind, field in NAMES.items()}
    )
