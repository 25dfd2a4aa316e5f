from datetime import date
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.audit.recording import Audited
from crm.database import Base, Binned, SortKey, Timestamped, Versioned

NOT_BINNED = text("deleted_at IS NULL")
BINNED = text("deleted_at IS NOT NULL")


class OrganisationKind(StrEnum):
    company = auto()
    developer = auto()
    cluster = auto()
    startup_hub = auto()
    university = auto()
    school = auto()
    public_agency = auto()
    investor = auto()
    association = auto()
    other = auto()

    @property
    def label(self) -> Any:
        return _KIND_LABELS[self]


_KIND_LABELS = {
    OrganisationKind.company: _l("Company"),
    OrganisationKind.developer: _l("Property developer"),
    OrganisationKind.cluster: _l("Cluster"),
    OrganisationKind.startup_hub: _l("Start-up hub"),
    OrganisationKind.university: _l("University or college"),
    OrganisationKind.school: _l("School"),
    OrganisationKind.public_agency: _l("Public agency"),
    OrganisationKind.investor: _l("Investor"),
    OrganisationKind.association: _l("Association or network"),
    OrganisationKind.other: _l("Other"),
}


class OrganisationStatus(StrEnum):
    active = auto()
    bankrupt = auto()
    dissolving = auto()
    deleted = auto()

    @property
    def label(self) -> Any:
        return {
            OrganisationStatus.active: _l("Active"),
            OrganisationStatus.bankrupt: _l("Bankrupt"),
            OrganisationStatus.dissolving: _l("Being dissolved"),
            OrganisationStatus.deleted: _l("Deleted from the register"),
        }[self]


organisation_tags = Table(
    "organisation_tags",
    Base.metadata,
    Column("organisation_id", ForeignKey("organisations.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True, index=True),
)


class Tag(Base):
    """A free word on organisations. Two spellings that fold alike are one tag."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    folded_name: Mapped[str] = mapped_column(String(60), unique=True)

    def audit_value(self) -> str:
        return self.name


class Organisation(Audited, Versioned, Timestamped, Binned, Base):
    """Any stakeholder. Fields that the business register knows bear its meaning; `employees` is None where the
    register withholds the figure (under five), which is not 0.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        Index(
            "uq_organisations_organisation_number",
            "organisation_number",
            unique=True,
            sqlite_where=NOT_BINNED,
            postgresql_where=NOT_BINNED,
        ),
        # One index per filter that is used alone: each serves its list in the order of names, page by page.
        *(
            Index(name, *columns, sqlite_where=NOT_BINNED, postgresql_where=NOT_BINNED)
            for name, columns in {
                "ix_organisations_order": ("sort_key", "id"),
                "ix_organisations_latest": ("updated_at", "id"),
                "ix_organisations_kind": ("kind", "sort_key", "id"),
                "ix_organisations_status": ("status", "sort_key", "id"),
                "ix_organisations_account_manager": ("account_manager_id", "sort_key", "id"),
                "ix_organisations_municipality": ("municipality_number", "sort_key", "id"),
            }.items()
        ),
        Index("ix_organisations_bin", "deleted_at", sqlite_where=BINNED, postgresql_where=BINNED),
        CheckConstraint("employees >= 0", name="employees_not_negative"),
    )
    __audit_parts__ = ("tags", "names")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), active_history=True)
    kind: Mapped[str] = mapped_column(String(20), active_history=True)
    status: Mapped[str] = mapped_column(String(12), default=OrganisationStatus.active, active_history=True)
    organisation_number: Mapped[str | None] = mapped_column(String(9), active_history=True)
    legal_form: Mapped[str | None] = mapped_column(String(10), active_history=True)
    industry_code: Mapped[str | None] = mapped_column(String(10), active_history=True)
    employees: Mapped[int | None] = mapped_column(active_history=True)
    municipality_number: Mapped[str | None] = mapped_column(String(4), active_history=True)
    street: Mapped[str | None] = mapped_column(String(200), active_history=True)
    postcode: Mapped[str | None] = mapped_column(String(10), active_history=True)
    city: Mapped[str | None] = mapped_column(String(80), active_history=True)
    website: Mapped[str | None] = mapped_column(String(300), active_history=True)
    email: Mapped[str | None] = mapped_column(String(254), active_history=True)
    phone: Mapped[str | None] = mapped_column(String(20), active_history=True)
    about: Mapped[str | None] = mapped_column(active_history=True)
    account_manager_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), active_history=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), active_history=True)
    sort_key: Mapped[str] = mapped_column(SortKey(200))
    search_text: Mapped[str]

    account_manager: Mapped[User | None] = relationship(foreign_keys=account_manager_id)
    deputy: Mapped[User | None] = relationship(foreign_keys=deputy_id)
    tags: Mapped[list[Tag]] = relationship(secondary=organisation_tags, order_by=Tag.folded_name)
    names: Mapped[list["OrganisationName"]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", order_by="OrganisationName.id"
    )
    affiliations: Mapped[list["Affiliation"]] = relationship(back_populates="organisation")
    parent: Mapped["Organisation | None"] = relationship(
        secondary="relations",
        primaryjoin="and_(Organisation.id == Relation.from_id, Relation.kind == 'subsidiary_of', "
        "Relation.ended_on.is_(None))",
        secondaryjoin="Organisation.id == Relation.to_id",
        viewonly=True,
        uselist=False,
    )


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
    """Another name of an organisation. `until` is the last day of an earlier one, where it is known; the number is that
    of a record of the same organisation that was merged into it.
    """

    __tablename__ = "organisation_names"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "name"),)
    __audit_whole__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), active_history=True)
    name: Mapped[str] = mapped_column(String(200), active_history=True)
    until: Mapped[date | None] = mapped_column(active_history=True)
    organisation_number: Mapped[str | None] = mapped_column(String(9), active_history=True)

    organisation: Mapped[Organisation] = relationship(back_populates="names")

    def audit_value(self) -> dict[str, Any]:
        told = {
            "kind": str(self.kind),
            "name": self.name,
            "until": self.until.isoformat() if self.until else None,
        }
        return told | ({"number": self.organisation_number} if self.organisation_number else {})


class Contact(Audited, Versioned, Timestamped, Binned, Base):
    """A person outside the municipality."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_order", "sort_key", "id", sqlite_where=NOT_BINNED, postgresql_where=NOT_BINNED),
        Index("ix_contacts_latest", "updated_at", "id", sqlite_where=NOT_BINNED, postgresql_where=NOT_BINNED),
        Index("ix_contacts_bin", "deleted_at", sqlite_where=BINNED, postgresql_where=BINNED),
    )
    __audit_parts__ = ("affiliations",)

    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str] = mapped_column(String(100), active_history=True)
    family_name: Mapped[str] = mapped_column(String(100), active_history=True)
    email: Mapped[str | None] = mapped_column(String(254), index=True, active_history=True)
    phone: Mapped[str | None] = mapped_column(String(20), index=True, active_history=True)
    language: Mapped[str] = mapped_column(String(2), default="nb", active_history=True)
    about: Mapped[str | None] = mapped_column(active_history=True)
    sort_key: Mapped[str] = mapped_column(SortKey(200))
    search_text: Mapped[str]

    affiliations: Mapped[list["Affiliation"]] = relationship(
        back_populates="contact", order_by="Affiliation.ended_on.desc(), Affiliation.started_on.desc()"
    )

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class Affiliation(Audited, Base):
    """A contact's role at an organisation, from–to. Ending it keeps history and takes the person off the list."""

    __tablename__ = "affiliations"
    __table_args__ = (
        CheckConstraint("ended_on >= started_on", name="ends_after_start"),
        Index(None, "organisation_id", "ended_on"),
        Index(None, "contact_id", "ended_on"),
    )
    __audit_whole__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    title: Mapped[str | None] = mapped_column(String(120), active_history=True)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list, active_history=True)
    primary: Mapped[bool] = mapped_column(default=False, active_history=True)
    started_on: Mapped[date | None] = mapped_column(active_history=True)
    ended_on: Mapped[date | None] = mapped_column(active_history=True)

    contact: Mapped[Contact] = relationship(back_populates="affiliations")
    organisation: Mapped[Organisation] = relationship(back_populates="affiliations")

    def audit_value(self) -> dict[str, Any]:
        return {
            "organisation": self.organisation_id or self.organisation.id,
            "title": self.title,
            "topics": list(self.topics or []),
            "primary": bool(self.primary),
            "started_on": self.started_on.isoformat() if self.started_on else None,
            "ended_on": self.ended_on.isoformat() if self.ended_on else None,
        }
