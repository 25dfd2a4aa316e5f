from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from crm.web.forms import Form


class UploadForm(Form):
    file = FileField(
        _l("Invitation"),
        validators=[FileRequired(_l("Choose the file with the invitation"))],
        description=_l("A calendar file (.ics) or a saved e-mail (.eml), at most 5 MB."),
    )
