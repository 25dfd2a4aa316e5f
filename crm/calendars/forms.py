from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from crm.web.forms import Form


class FeedForm(Form):
    includes_team = BooleanField(
        _l("Include what the rest of my unit has planned and promised"),
        description=_l("Of what you may not read, only “Confidential interaction” and the time are shown."),
    )
