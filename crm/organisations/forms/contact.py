from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from crm.accounts.models import Language
from crm.organisations import rules
from crm.organisations.forms.fields import PickField, VersionField, WordsField, choices, values_of
from crm.organisations.models import Contact
from crm.web.clock import today
from crm.web.forms import DateField, EmailField, Form, PhoneField, TextArea, TextField
from crm.web.forms.validators import Ruled
from crm.web.validation import Invalid

PERSON_FIELDS = ("given_name", "family_name", "email", "phone", "language", "about")
AFFILIATION_FIELDS = ("title", "topics", "primary", "started_on", "ended_on")


def ruled(field: str) -> list[Ruled]:
    return [Ruled({**rules.CONTACT, **rules.AFFILIATION}[field])]


class Dated(Form):
    """A period from–to, checked by the rule of affiliations and relations."""

    def validate(self, **kwargs: Any) -> bool:
        valid = bool(super().validate(**kwargs))
        fields = self._fields
        started_on, ended_on = (
            fields[name].data if name in fields else None for name in ("started_on", "ended_on")
        )
        try:
            rules.check_period(started_on, ended_on, today())
        except Invalid as invalid:
            self.refuse_all(invalid.errors)
            return False
        return valid


class ContactForm(Form):
    given_name = TextField(_l("Given name"), validators=ruled("given_name"))
    family_name = TextField(_l("Family name"), validators=ruled("family_name"))
    phone = PhoneField(_l("Telephone"), validators=ruled("phone"))
    email = EmailField(_l("E-mail"), validators=ruled("email"))
    language = SelectField(
        _l("Language"),
        description=_l("What you write to this person in."),
        choices=choices((language.value, language.label) for language in Language),
        default=Language.nb,
        validators=ruled("language"),
        validate_choice=False,
    )
    about = TextArea(_l("About"), validators=ruled("about"))
    version = VersionField()

    def validate(self, **kwargs: Any) -> bool:
        valid = bool(super().validate(**kwargs))
        try:
            rules.check_person_named(self.given_name.data, self.family_name.data)
        except Invalid as invalid:
            if not self.given_name.errors:
                self.refuse_all(invalid.errors)
            return False
        return valid

    def values(self) -> dict[str, Any]:
        """The values that update_contact takes."""
        return values_of(self)


class NewContactForm(ContactForm):
    organisation_id = PickField(_l("Organisation"))
    title = TextField(_l("Role"), description=_l("Such as managing director."), validators=ruled("title"))
    topics = WordsField(
        _l("Topics"),
        description=_l("What to ask this person about: free words with commas between."),
        validators=ruled("topics"),
    )
    primary = BooleanField(_l("Our first contact there"), validators=ruled("primary"))

    def values(self) -> dict[str, Any]:
        """The values that create_contact takes, with an affiliation where an organisation was chosen."""
        values = values_of(self, besides=("organisation_id", "title", "topics", "primary"))
        if self.organisation_id.data is not None:
            affiliation = {
                name: self._fields[name].data for name in ("organisation_id", "title", "topics", "primary")
            }
            values["affiliations"] = [affiliation]
        return values

    def validate(self, **kwargs: Any) -> bool:
        valid = super().validate(**kwargs)
        role_given = self.title.data or self.topics.data or self.primary.data
        if role_given and self.organisation_id.data is None:
            self.refuse("organisation_id", _("Choose the organisation that the role is at"))
            return False
        return valid


class AffiliationForm(Dated):
    organisation_id = PickField(_l("Organisation"))
    title = TextField(_l("Role"), description=_l("Such as managing director."), validators=ruled("title"))
    topics = WordsField(
        _l("Topics"),
        description=_l("What to ask this person about: free words with commas between."),
        validators=ruled("topics"),
    )
    primary = BooleanField(
        _l("Our first contact there"),
        description=_l("Whoever was it before, is it no longer."),
        validators=ruled("primary"),
    )
    started_on = DateField(_l("First day"))
    ended_on = DateField(_l("Last day"), description=_l("Leave it empty while the person works there."))

    def values(self) -> dict[str, Any]:
        """The values that add_affiliation and update_affiliation take."""
        return values_of(self)


class PersonForm(AffiliationForm):
    """Somebody who is registered already, put at an organisation."""

    contact_id = PickField(_l("Contact"))


class EndForm(Dated):
    ended_on = DateField(_l("Last day"))

    def validate(self, **kwargs: Any) -> bool:
        valid = super().validate(**kwargs)
        if not self.ended_on.data and not self.ended_on.errors:
            self.refuse("ended_on", _("Enter the last day"))
            return False
        return valid


def contact_values(contact: Contact) -> dict[str, Any]:
    """A contact's own values by the form's fields."""
    return {field: getattr(contact, field) for field in PERSON_FIELDS}
