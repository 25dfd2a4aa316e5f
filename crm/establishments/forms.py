from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from crm.enquiries.models import Channel
from crm.establishments.measures import offered_measures
from crm.establishments.models import Establishment
from crm.establishments.operations import NeedValues
from crm.establishments.rules import NEED
from crm.organisations.forms.fields import PickField, VersionField, choices, optional_id
from crm.plan.queries import outlines
from crm.sites.forms import AreaField, ManyField, PowerField
from crm.sites.models import Premises, Site
from crm.sites.queries import focus_areas
from crm.web.forms import DateField, EmailField, Form, NumberField, PhoneField, TextArea, TextField
from crm.web.locale import language


def measure_choices(day: date, chosen: int | None) -> Any:
    """The measures of the plan that covers the local day; one of another plan that is chosen stays."""
    spoken = language()
    offered = [
        (str(one), f"{code} {labels.get(spoken) or labels['nb']}")
        for one, code, labels in offered_measures(day)
    ]
    if chosen is not None and str(chosen) not in dict(offered):
        known = outlines().measures.get(chosen)
        offered.append((str(chosen), f"{known.code} {known.label(spoken)}" if known else str(chosen)))
    return choices([("", _l("None")), *offered])


class NeedForm(Form):
    """What somebody needs who seeks a place."""

    area_from = AreaField(_l("Area from"), description=_l("Such as 5 daa or 1 200 m²."))
    area_to = AreaField(_l("Area to"), description=_l("Such as 5 daa or 1 200 m²."))
    premises = ManyField(
        _l("Kinds of premises"),
        choices=choices((one.value, one.label) for one in Premises),
        validate_choice=False,
    )
    needed_from = DateField(_l("Needed from"))
    jobs = NumberField(_l("Jobs"))
    power = PowerField(_l("Power"), description=_l("Such as 2 MW or 500 kW."))
    focus_area = SelectField(_l("Focus area"), coerce=optional_id, validate_choice=False)
    measure_id = SelectField(_l("Counts under"), name="measure", coerce=optional_id, validate_choice=False)
    version = VersionField()

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = language()
        areas = [(one.code, f"{one.code} {one.label(spoken)}") for one in focus_areas()]
        self.focus_area.choices = choices([("", _l("Not said")), *areas])
        self.measure_id.choices = measure_choices(day, self.measure_id.data)

    def need(self) -> NeedValues:
        """What the operations take."""
        return cast(NeedValues, {name: self[name].data for name in NEED})


class SearchForm(NeedForm):
    """A new search, with the enquiry that it is."""

    subject = TextField(_l("What it is about"))
    channel = SelectField(
        _l("Channel"), choices=choices((one.value, one.label) for one in Channel), validate_choice=False
    )
    organisation_id = PickField(
        _l("Organisation"),
        name="organisation",
        description=_l("Leave it empty where we do not know them yet."),
    )
    contact_id = PickField(_l("Contact"), name="contact")
    caller_name = TextField(_l("Name"))
    caller_organisation = TextField(_l("Calls for"))
    caller_phone = PhoneField(_l("Telephone"))
    caller_email = EmailField(_l("E-mail"))
    text = TextArea(_l("What they say"))

    @property
    def is_sought(self) -> bool:
        """Whether a “Find” button was pressed, which saves nothing."""
        return self.organisation_id.is_sought or self.contact_id.is_sought

    def caller(self) -> dict[str, Any]:
        """The enquiry's own values, as `register` takes them."""
        return {
            "subject": self.subject.data,
            "channel": self.channel.data,
            "text": self.text.data,
            "organisation": self.organisation_id.data,
            "contact": self.contact_id.data,
            "caller_name": self.caller_name.data,
            "caller_organisation": self.caller_organisation.data,
            "caller_phone": self.caller_phone.data,
            "caller_email": self.caller_email.data,
        }


def need_values(establishment: Establishment) -> dict[str, Any]:
    """What is needed, by the form's fields."""
    return {name: getattr(establishment, name) for name in NEED}


class ProposeForm(Form):
    site_id = HiddenField(name="site")
    words = TextField(_l("A word about it"))


class ContactForm(Form):
    """An introduction or a viewing that has taken place."""

    submission_key = HiddenField()
    day = DateField(_l("Day"))
    notes = TextArea(_l("Notes"))
    measure_id = SelectField(_l("Counts under"), name="measure", coerce=optional_id, validate_choice=False)

    # Both databases name the column where they tell of it.
    constraint_errors = {  # noqa: RUF012  read only
        "submission_key": ("day", _l("This form was sent already"))
    }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measure_id.choices = measure_choices(today, self.measure_id.data)

    def refuse(self, field: str, *messages: Any) -> None:
        """The operations' fields by the form's."""
        super().refuse({"starts_on": "day", "measures": "measure_id"}.get(field, field), *messages)


class EstablishForm(Form):
    """It led to a company here."""

    organisation_id = PickField(_l("Company established"), name="organisation")
    site_id = SelectField(_l("Site"), name="site", coerce=optional_id, validate_choice=False)
    established_on = DateField(_l("Established on"))
    jobs = NumberField(_l("Jobs"), description=_l("How many it brings, as far as they know."))

    def offer(self, sites: Sequence[Site]) -> None:
        self.site_id.choices = choices(
            [("", _l("Another place")), *((str(one.id), one.name) for one in sites)]
        )
