from datetime import date
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.audit.recording import Audited
from crm.database import Base, Binned, SortKey, Timestamped, Versioned, folded, sort_key
from crm.organisations.models import NOT_BINNED, Contact, Organisation


class Regulation(StrEnum):
    """How far a site's zoning has come."""

    unzoned = auto()
    municipal_plan = auto()
    zoning = auto()
    zoned = auto()
    ready = auto()

    @property
    def label(self) -> Any:
        return _REGULATION[self]


_REGULATION = {
    Regulation.unzoned: _l("Not zoned for business"),
    Regulation.municipal_plan: _l("In the municipal master plan"),
    Regulation.zoning: _l("Zoning under way"),
    Regulation.zoned: _l("Zoned"),
    Regulation.ready: _l("Ready to build on"),
}


class Premises(StrEnum):
    """What kind of place somebody offers or seeks."""

    plot = auto()
    office = auto()
    warehouse = auto()
    production = auto()
    laboratory = auto()
    retail = auto()
    data_centre = auto()
    other = auto()

    @property
    def label(self) -> Any:
        return _PREMISES[self]


_PREMISES = {
    Premises.plot: _l("Building plot"),
    Premises.office: _l("Offices"),
    Premises.warehouse: _l("Warehouse and logistics"),
    Premises.production: _l("Production and workshop"),
    Premises.laboratory: _l("Laboratory"),
    Premises.retail: _l("Shop"),
    Premises.data_centre: _l("Data centre"),
    Premises.other: _l("Other premises"),
}


class Site(Audited, Versioned, Timestamped, Binned, Base):
    """A business area such as Berger or Heia. Areas in square metres, power in kilowatts; None where nobody knows."""

    __tablename__ = "sites"
    __table_args__ = (
        Index("ix_sites_order", "sort_key", "id", sqlite_where=NOT_BINNED, postgresql_where=NOT_BINNED),
        Index("uq_sites_name", "sort_key", unique=True, sqlite_where=NOT_BINNED, postgresql_where=NOT_BINNED),
        CheckConstraint("total_area >= 0", name="total_area_not_negative"),
        CheckConstraint("free_area >= 0", name="free_area_not_negative"),
        CheckConstraint("free_area <= total_area", name="free_area_within_total"),
        CheckConstraint("power >= 0", name="power_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), active_history=True)
    place: Mapped[str | None] = mapped_column(String(200), active_history=True)
    developer_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id"), index=True, active_history=True
    )
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True, active_history=True)
    regulation: Mapped[str | None] = mapped_column(String(20), active_history=True)
    total_area: Mapped[int | None] = mapped_column(active_history=True)
    free_area: Mapped[int | None] = mapped_column(active_history=True)
    power: Mapped[int | None] = mapped_column(active_history=True)
    free_from: Mapped[date | None] = mapped_column(active_history=True)
    premises: Mapped[list[str]] = mapped_column(JSON, default=list, active_history=True)
    focus_areas: Mapped[list[int]] = mapped_column(JSON, default=list, active_history=True)
    """Numbers of the plan's focus areas whose businesses it is to attract."""
    attracts: Mapped[str | None] = mapped_column(active_history=True)
    website: Mapped[str | None] = mapped_column(String(300), active_history=True)
    about: Mapped[str | None] = mapped_column(active_history=True)
    sort_key: Mapped[str] = mapped_column(SortKey(200))
    search_text: Mapped[str]

    developer: Mapped[Organisation | None] = relationship()
    contact: Mapped[Contact | None] = relationship()


@event.listens_for(Site, "before_insert")
@event.listens_for(Site, "before_update")
def _keep_findable(_mapper: Any, _connection: Any, site: Site) -> None:
    site.sort_key = sort_key(site.name)
    site.search_text = folded(f"{site.name} {site.place or ''} {site.attracts or ''}")
