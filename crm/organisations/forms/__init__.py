from crm.organisations.forms.contact import AffiliationForm, ContactForm, EndForm, NewContactForm, PersonForm
from crm.organisations.forms.organisation import OrganisationForm
from crm.organisations.forms.relation import RelationForm

__all__ = [
    "AffiliationForm",
    "ContactForm",
    "EndForm",
    "NewContactForm",
    "OrganisationForm",
    "PersonForm",
    "RelationForm",
]
