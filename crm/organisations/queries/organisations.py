"""The list of organisations, whoever asks for it: its rows, its count, the API's answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, Integer, String, select

from crm.database import UtcDateTime, folded
from crm.organisations.models import (
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Tag,
    organisation_tags,
)
from crm.organisations.queries.lists import ListFilter, ListQuery
from crm.organisations.queries.records import (
    RECORDED_ORGANISATION,
    OrganisationRecord,
    organisations_with_ties,
)
from crm.organisations.queries.words import Sought, found_by
from crm.web.forms.fields import tidy

_o, _tagged = Organisation.__table__.c, organisation_tags.c


@dataclass(frozen=True)
class OrganisationFilter(ListFilter):
    """Which organisations a list holds; None asks for no limit."""

    kind: str | None = None
    status: str | None = None
    tag: str | None = None
    account_manager: int | None = None
    municipality_number: str | None = None
    updated_since: datetime | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """The filter in a list's address; what cannot be understood there is no limit."""
        manager = args.get("account_manager", "")
        given: dict[str, Any] = {
            name: tidy(args.get(name, ""))[:200] or None for name in ("q", "tag", "municipality_number")
        }
        return cls(
            kind=kind if (kind := args.get("kind")) in set(OrganisationKind) else None,
            status=status if (status := args.get("status")) in set(OrganisationStatus) else None,
            account_manager=int(manager)
            if manager.isascii() and manager.isdigit() and len(manager) < 10
            else None,
            **given,
        )

    def parameters(self) -> dict[str, Any]:
        return super().parameters() | ({"tag": folded(self.tag)} if self.tag is not None else {})

    def conditions(self, *, frequent: bool = False) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [_o.deleted_at.is_(None)]
        if self.q is not None:
            found.append(found_by(Organisation, Sought(self.q), frequent=frequent))
        for column, name, type_ in (
            (_o.kind, "kind", String),
            (_o.status, "status", String),
            (_o.account_manager_id, "account_manager", Integer),
            (_o.municipality_number, "municipality_number", String),
        ):
            if getattr(self, name) is not None:
                found.append(column == self.bound(name, type_))
        if self.tag is not None:
            of_tag = Tag.__table__.c.folded_name == self.bound("tag", String)
            found.append(_o.id.in_(select(_tagged.organisation_id).join(Tag.__table__).where(of_tag)))
        if self.updated_since is not None:
            found.append(_o.updated_at >= self.bound("updated_since", UtcDateTime))
        return found


class OrganisationQuery(ListQuery[OrganisationFilter, OrganisationRecord]):
    """The organisations that a filter lets through, never those in the bin."""

    columns = _o
    listed = select(
        *(_o.id, _o.name, _o.status, _o.kind, _o.organisation_number, _o.city, _o.account_manager_id),
        *(_o.updated_at, _o.sort_key),
    )
    recorded = select(*RECORDED_ORGANISATION)

    def with_ties(self, rows: Sequence[Any]) -> list[OrganisationRecord]:
        return organisations_with_ties(rows)
