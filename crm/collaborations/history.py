"""How collaborations read in their history and in the audit log."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select

from crm.audit.descriptions import Description, describe
from crm.audit.fields import choice, plain, record_named
from crm.collaborations.models import Collaboration, Stage
from crm.interactions.models import Interaction
from crm.interactions.queries import readable


def describe_collaborations() -> None:
    describe(
        "Collaboration",
        Description(
            label=_l("Collaboration"),
            identity=Collaboration.id,
            name=lambda: (
                select(Interaction.title).where(Interaction.id == Collaboration.id).scalar_subquery()
            ),
            path=lambda identity: f"/collaborations/{identity}",
            readable=_readable,
            fields={
                "year": plain(_l("Year")),
                "stage": choice(_l("Stage"), Stage),
                "aim": plain(_l("Aim")),
                "result": plain(_l("Result")),
                "lead_id": record_named(_l("Lead"), "User"),
                "continues_id": record_named(_l("Continues"), "Collaboration"),
                "activities": record_named(_l("Activities"), "Interaction"),
            },
        ),
    )


def _readable(viewer: Any) -> ColumnElement[bool]:
    return select(Interaction.id).where(Interaction.id == Collaboration.id, readable(viewer)).exists()
