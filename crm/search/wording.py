"""What the kinds of hits are called, and their icons."""

from flask_babel import lazy_gettext as _l

from crm.search.queries import Kind
from crm.web.icons import icon

ONE = {
    Kind.organisation: _l("Organisation"),
    Kind.contact: _l("Contact"),
    Kind.site: _l("Site"),
    Kind.responsibility: _l("Responsibility"),
    Kind.user: _l("Colleague"),
    Kind.enquiry: _l("Enquiry"),
    Kind.measure: _l("Measure"),
    Kind.interaction: _l("Interaction"),
}
MANY = {
    Kind.organisation: _l("Organisations"),
    Kind.contact: _l("Contacts"),
    Kind.site: _l("Sites"),
    Kind.responsibility: _l("Responsibilities"),
    Kind.user: _l("Colleagues"),
    Kind.enquiry: _l("Enquiries"),
    Kind.measure: _l("Measures"),
    Kind.interaction: _l("Interactions"),
}
_SHAPES = {
    Kind.organisation: "organisation",
    Kind.contact: "people",
    Kind.site: "place",
    Kind.responsibility: "shield",
    Kind.user: "user",
    Kind.enquiry: "phone",
    Kind.measure: "plan",
    Kind.interaction: "interaction",
}
ICONS = {kind: icon(shape) for kind, shape in _SHAPES.items()}
