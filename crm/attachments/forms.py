from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired, MultipleFileField

from crm.attachments.rules import MOST_FILES, MOST_MEGABYTES
from crm.files import ENDINGS, MOST_BYTES
from crm.web.forms import Form

TAKEN = ",".join(("image/jpeg", "image/png", *ENDINGS))
"""For the browser. With JPEG and without HEIC among the pictures an iPhone hands its own out as JPEG."""


class UploadForm(Form):
    """Files to keep with an interaction."""

    files = MultipleFileField(
        _l("Files"),
        validators=[FileRequired(_l("Choose the files first"))],
        description=_l(
            "Pictures, PDF, Office documents or text. At most %(files)s at a time, %(each)s MB each and %(together)s MB together.",
            files=MOST_FILES,
            each=MOST_BYTES // 1_000_000,
            together=MOST_MEGABYTES,
        ),
    )

    @property
    def taken(self) -> str:
        """What the browser offers to choose from."""
        return TAKEN

    def uploads(self) -> list[Any]:
        """(name, stream) of each file that was chosen."""
        return [(file.filename or "", file.stream) for file in self.files.data]
