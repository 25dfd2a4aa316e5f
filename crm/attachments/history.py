"""How files kept with interactions read in the history and in the audit log."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select

from crm.attachments.models import Attachment
from crm.audit.descriptions import Description, describe
from crm.audit.fields import plain, record_named
from crm.files import Kind
from crm.interactions.models import Interaction
from crm.interactions.queries import readable
from crm.web.formatting import bytes_in_words


def describe_attachments() -> None:
    describe(
        "Attachment",
        Description(
            label=_l("Attachment"),
            identity=Attachment.id,
            name=lambda: Attachment.name,
            place=(Attachment.interaction_id,),
            path=lambda interaction: f"/interactions/{interaction}#attachments",
            readable=_readable_attachments,
            fields={
                "interaction_id": record_named(_l("Interaction"), "Interaction"),
                "name": plain(_l("Name")),
                "media_type": plain(_l("Kind"), lambda value: Kind(value).label),
                "size": plain(_l("Size"), bytes_in_words),
                "uploaded_by_id": record_named(_l("Added by"), "User"),
                "width": None,
                "height": None,
                "digest": None,
                "storage_key": None,
                "thumbnail_key": None,
                "removed_at": None,
            },
        ),
    )


def _readable_attachments(viewer: Any) -> ColumnElement[bool]:
    of_it = select(Interaction.id).where(Interaction.id == Attachment.interaction_id, readable(viewer))
    return of_it.exists()
