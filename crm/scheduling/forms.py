from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from crm.web.forms import Form, TextArea


class InviteForm(Form):
    """Who is to be invited, by the keys of `queries.Invitable`."""

    people = SelectMultipleField(_l("Who is to be invited"), choices=[], validate_choice=False)
    message = TextArea(_l("A word to go with it"))

    def ids(self, kind: str) -> list[int]:
        """The ids of those chosen of a kind: contact or user."""
        chosen = [key.partition("-") for key in self.people.data or ()]
        return [int(one) for of, _dash, one in chosen if of == kind and one.isascii() and one.isdigit()]
