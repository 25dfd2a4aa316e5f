from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from crm.organisations.forms.fields import PickField, VersionField, choices
from crm.sites.measuring import area, power
from crm.sites.models import Premises, Regulation, Site
from crm.sites.operations import SiteValues
from crm.sites.queries import focus_areas
from crm.web.forms import DateField, Form, NumberField, TextArea, TextField
from crm.web.locale import language


class AreaField(NumberField):
    """An area as people write it; data is in square metres."""

    widget = TextInput()

    def shown(self) -> str:
        return "" if self.data is None else f"{self.data} m²"

    def understand(self, typed: str) -> Any:
        return area(typed)


class PowerField(NumberField):
    """Power as people write it; data is in kilowatts."""

    widget = TextInput()

    def shown(self) -> str:
        return "" if self.data is None else f"{self.data} kW"

    def understand(self, typed: str) -> Any:
        return power(typed)


class ManyField(SelectMultipleField):
    """Several to tick."""

    widget = ListWidget()
    option_widget = CheckboxInput()


class SiteForm(Form):
    """A site's own fields."""

    constraint_errors = {  # noqa: RUF012  read only
        "uq_sites_name": ("name", _l("There is a site of this name already. Choose another name")),
        "sites.sort_key": ("name", _l("There is a site of this name already. Choose another name")),
    }

    name = TextField(_l("Name"))
    place = TextField(_l("Place"), description=_l("Where it lies, such as “by the E6 at Skedsmo”."))
    developer_id = PickField(
        _l("Developer"), name="developer", description=_l("The organisation that develops or lets it.")
    )
    contact_id = PickField(
        _l("Contact"),
        name="contact",
        description=_l("Whom we ring about it. The developer's people come first."),
    )
    regulation = SelectField(_l("Regulation status"), validate_choice=False)
    total_area = AreaField(_l("Total area"), description=_l("Such as 250 daa, 2,5 ha or 25 000 m²."))
    free_area = AreaField(_l("Free area"))
    power = PowerField(_l("Power"), description=_l("What can be had, such as 2 MW or 500 kW."))
    free_from = DateField(_l("Free from"))
    premises = ManyField(
        _l("Kinds of premises"),
        choices=choices((one.value, one.label) for one in Premises),
        validate_choice=False,
    )
    focus_areas = ManyField(_l("Focus areas to attract"), coerce=int, choices=[], validate_choice=False)
    attracts = TextArea(_l("What it is to attract"), description=_l("In the developer's words."))
    website = TextField(_l("Website"))
    about = TextArea(_l("About the site"), description=_l("Markdown works: **bold**, and - for lists."))
    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        statuses = [("", _l("Not known")), *((one.value, one.label) for one in Regulation)]
        self.regulation.choices = choices(statuses)
        spoken = language()
        areas = [(int(one.code), f"{one.code} {one.label(spoken)}") for one in focus_areas()]
        known = {number for number, _label in areas}
        areas += [(one, str(one)) for one in self.focus_areas.data or () if one not in known]
        self.focus_areas.choices = choices(areas)

    @property
    def is_sought(self) -> bool:
        """Whether a “Find” button was pressed, which saves nothing."""
        return self.developer_id.is_sought or self.contact_id.is_sought

    def values(self) -> SiteValues:
        """What the operations take."""
        values: Any = {name: self[name].data for name in FIELDS}
        return cast(SiteValues, values)


FIELDS = (
    *("name", "place", "developer_id", "contact_id", "regulation", "total_area", "free_area", "power"),
    *("free_from", "premises", "focus_areas", "attracts", "website", "about"),
)


def site_values(site: Site) -> dict[str, Any]:
    """A site by the form's fields."""
    values = {name: getattr(site, name) for name in FIELDS}
    return values | {"regulation": site.regulation or ""}
