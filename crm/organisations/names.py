"""What an organisation is called besides its name, so that it is found by what a caller says."""

from datetime import date
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.audit.recording import Audited
from crm.database import Base
from crm.organisations.models import Organisation


class NameKind(StrEnum):
    trade = auto()
    legal = auto()
    earlier = auto()

    @property
    def label(self) -> Any:
        return _LABELS[self]


_LABELS = {
    NameKind.trade: _l("Trade name"),
    NameKind.legal: _l("Legal name"),
    NameKind.earlier: _l("Earlier name"),
}


class OrganisationName(Audited, Base):
    """Another name of an organisation. `until` is the last day of an earlier one, where it is known."""

    __tablename__ = "organisation_names"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "name"),)
    __audit_whole__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), active_history=True)
    name: Mapped[str] = mapped_column(String(200), active_history=True)
    until: Mapped[date | None] = mapped_column(active_history=True)

    organisation: Mapped[Organisation] = relationship()

    def audit_value(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "name": self.name,
            "until": self.until.isoformat() if self.until else None,
        }
