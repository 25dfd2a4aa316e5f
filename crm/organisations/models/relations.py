from datetime import date
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.audit.recording import Audited
from crm.database import Base
from crm.organisations.models.organisations import Organisation


class RelationKind(StrEnum):
    """Organisation to organisation; each kind reads in both directions."""

    member_of = auto()
    subsidiary_of = auto()
    spin_off_of = auto()
    tenant_of = auto()
    partner_of = auto()

    @property
    def label(self) -> Any:
        return _RELATION_LABELS[self][0]

    @property
    def inverse_label(self) -> Any:
        return _RELATION_LABELS[self][1]


_RELATION_LABELS = {
    RelationKind.member_of: (_l("Member of"), _l("Has as member")),
    RelationKind.subsidiary_of: (_l("Subsidiary of"), _l("Has as subsidiary")),
    RelationKind.spin_off_of: (_l("Spin-off of"), _l("Has as spin-off")),
    RelationKind.tenant_of: (_l("Tenant of"), _l("Has as tenant")),
    RelationKind.partner_of: (_l("Partner of"), _l("Partner of")),
}


class Relation(Audited, Base):
    """One organisation's tie to another, from–to. At most one tie of a kind holds between two at a time, and an
    organisation is the subsidiary of at most one.
    """

    __tablename__ = "relations"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="two_organisations"),
        CheckConstraint("ended_on >= started_on", name="ends_after_start"),
        UniqueConstraint("from_id", "to_id", "kind", "started_on"),
    )
    __audit_whole__ = "from_organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(15), active_history=True)
    started_on: Mapped[date | None] = mapped_column(active_history=True)
    ended_on: Mapped[date | None] = mapped_column(active_history=True)

    from_organisation: Mapped[Organisation] = relationship(foreign_keys=from_id)
    to_organisation: Mapped[Organisation] = relationship(foreign_keys=to_id)

    def audit_value(self) -> dict[str, Any]:
        return {
            "from": self.from_id or self.from_organisation.id,
            "kind": str(self.kind),
            "to": self.to_id or self.to_organisation.id,
            "started_on": self.started_on.isoformat() if self.started_on else None,
            "ended_on": self.ended_on.isoformat() if self.ended_on else None,
        }
