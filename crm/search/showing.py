"""How what was found is shown: one statement, whatever kinds are there."""

import json
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    and_,
    cast,
    literal_column,
    null,
    select,
    union_all,
)

from crm.accounts.models import Unit, User
from crm.database import among
from crm.enquiries.models import Enquiry, EnquiryStatus
from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation, OrganisationKind, OrganisationStatus
from crm.plan.models import Measure, MeasureStatus, Plan, PlanState, state_on
from crm.responsibilities.models import Responsibility, Topic
from crm.search.models import EntryKind
from crm.sites.models import Site
from crm.web.formatting import phone
from crm.web.locale import language


@dataclass(slots=True)
class Shown:
    """A record as a hit shows it. `numbers` and `municipality` are what it is ranked and matched by besides."""

    title: str
    url: str
    subtitle: str = ""
    ended: bool = False
    municipality: str | None = None
    numbers: tuple[str | None, ...] = ()
    organisation_id: int | None = None
    topic_id: int | None = None
    site_id: int | None = None


_o, _c, _a = Organisation.__table__.c, Contact.__table__.c, Affiliation.__table__.c
_s, _r, _t, _u, _e, _m = (
    model.__table__.c for model in (Site, Responsibility, Topic, User, Enquiry, Measure)
)
_ORGANISATIONS: Final = select(
    _o.id, _o.name, _o.kind, _o.status, _o.city, _o.organisation_number, _o.phone, _o.municipality_number
).where(among(_o.id, "organisation"))
_CONTACTS: Final = (
    select(
        _c.id, _c.given_name, _c.family_name, _c.phone, _a.title, _o.id.label("organisation_id"),
        _o.name.label("organisation"), _o.municipality_number, _a.primary, _a.id.label("affiliation_id"),
    )
    .outerjoin_from(Contact.__table__, Affiliation.__table__, and_(_a.contact_id == _c.id, _a.ended_on.is_(None)))
    .outerjoin(Organisation.__table__, and_(_o.id == _a.organisation_id, _o.deleted_at.is_(None)))
    .where(among(_c.id, "contact"))
)  # fmt: skip
_SITES: Final = (
    select(_s.id, _s.name, _s.place, _s.developer_id, _o.name.label("developer"))
    .outerjoin_from(Site.__table__, Organisation.__table__, _o.id == _s.developer_id)
    .where(among(_s.id, "site"))
)
_RESPONSIBILITIES: Final = (
    select(
        _r.id, _r.topic_id, _r.site_id, _r.organisation_id, _t.name_nb, _t.name_nn, _t.name_en,
        _s.name.label("site"), _o.name.label("organisation"), _r.note, _u.name.label("user"), Unit.name.label("unit"),
    )
    .outerjoin_from(Responsibility.__table__, Topic.__table__, _t.id == _r.topic_id)
    .outerjoin(Site.__table__, _s.id == _r.site_id)
    .outerjoin(Organisation.__table__, _o.id == _r.organisation_id)
    .outerjoin(User.__table__, _u.id == _r.user_id)
    .outerjoin(Unit.__table__, Unit.id == _r.unit_id)
    .where(among(_r.id, "responsibility"))
)  # fmt: skip
_TOPICS: Final = select(_t.id, _t.name_nb, _t.name_nn, _t.name_en).where(among(_t.id, "topic"))
_USERS: Final = (
    select(_u.id, _u.name, _u.phone, Unit.name.label("unit"))
    .outerjoin_from(User.__table__, Unit.__table__, Unit.id == _u.unit_id)
    .where(among(_u.id, "user"))
)
_ENQUIRIES: Final = select(
    _e.id, _e.subject, _e.caller_name, _e.caller_organisation, _e.caller_phone, _e.status, _e.organisation_id,
    _e.topic_id, _e.site_id,
).where(among(_e.id, "enquiry"))  # fmt: skip
_MEASURES: Final = (
    select(_m.id, _m.code, _m.labels, _m.status, _m.plan_id, Plan.title, Plan.state, Plan.ends_on)
    .join_from(Measure.__table__, Plan.__table__, Plan.id == _m.plan_id)
    .where(among(_m.id, "measure"))
)


def show(found: Mapping[EntryKind, list[int]], day: date) -> dict[tuple[EntryKind, int], Shown]:
    """The records by kind and identifier, as they are on the local day; without those that are gone."""
    if not found:
        return {}
    rows = db.session.execute(
        _together(tuple(sorted(found))), {kind.name: ids for kind, ids in found.items()}
    )
    records: dict[EntryKind, list[Any]] = {}
    for kind, *cells in rows:
        records.setdefault(EntryKind(kind), []).append(_READ[EntryKind(kind)](cells))
    # Where a contact is in several places, the last counts: their primary one.
    records.get(EntryKind.contact, []).sort(key=lambda row: (bool(row.primary), -(row.affiliation_id or 0)))
    return {(kind, row.id): _WAYS[kind][1](row, day) for kind, several in records.items() for row in several}


@lru_cache(maxsize=len(EntryKind) ** 2)
def _together(kinds: tuple[EntryKind, ...]) -> CompoundSelect[Any]:
    """The statements of the kinds as one, since each costs a way to the database and back: every value as text."""
    parts = [_WAYS[kind][0].subquery() for kind in kinds]
    widest = max(len(part.c) for part in parts)
    return union_all(
        *(
            select(
                literal_column(str(int(kind)), Integer).label("kind"),
                *(cast(column, String).label(f"c{n}") for n, column in enumerate(part.c)),
                *(cast(null(), String).label(f"c{n}") for n in range(len(part.c), widest)),
            )
            for kind, part in zip(kinds, parts, strict=True)
        )
    )


def _reader(statement: Select[Any]) -> Callable[[Sequence[str | None]], Any]:
    """Makes a row of the statement of the texts that `_together` gave."""
    columns = list(statement.selected_columns)
    names = [column.key for column in columns]
    record = namedtuple("record", names)  # type: ignore[misc, arg-type]  # noqa: PYI024  its fields are the statement's
    ways = [next((way for kind, way in _VALUES.items() if isinstance(c.type, kind)), str) for c in columns]

    def read(cells: Sequence[str | None]) -> Any:
        return record(*(None if cell is None else way(cell) for way, cell in zip(ways, cells, strict=False)))

    return read


_VALUES: Final[dict[type, Callable[[str], Any]]] = {
    Boolean: lambda text: text in {"1", "true"},
    Integer: int,
    Date: date.fromisoformat,
    JSON: json.loads,
}


def _joined(*parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part)


def _organisation(row: Any, _day: date) -> Shown:
    number = row.organisation_number
    written = f"{number[:3]} {number[3:6]} {number[6:]}" if number else None
    status = None if row.status == OrganisationStatus.active else OrganisationStatus(row.status).label
    return Shown(
        row.name,
        f"/organisations/{row.id}",
        _joined(OrganisationKind(row.kind).label, row.city, written, status),
        municipality=row.municipality_number,
        numbers=(number, row.phone),
        organisation_id=row.id,
    )


def _contact(row: Any, _day: date) -> Shown:
    return Shown(
        f"{row.given_name} {row.family_name}".strip(),
        f"/contacts/{row.id}",
        _joined(row.title if row.organisation else None, row.organisation),
        ended=row.organisation_id is None,
        municipality=row.municipality_number,
        numbers=(row.phone,),
        organisation_id=row.organisation_id,
    )


def _site(row: Any, _day: date) -> Shown:
    return Shown(
        row.name,
        f"/sites/{row.id}",
        _joined(row.place, row.developer),
        organisation_id=row.developer_id if row.developer else None,
        site_id=row.id,
    )


def _topic_name(row: Any) -> Any:
    return getattr(row, f"name_{language()}") or row.name_nb


def _responsibility(row: Any, _day: date) -> Shown:
    return Shown(
        _joined(_topic_name(row), row.site, row.organisation) or row.note or "",
        f"/responsibilities/?topic={row.topic_id}" if row.topic_id else "/responsibilities/",
        _joined(row.user or row.unit, row.note),
        organisation_id=row.organisation_id,
        topic_id=row.topic_id,
        site_id=row.site_id,
    )


def _topic(row: Any, _day: date) -> Shown:
    return Shown(_topic_name(row) or "", f"/responsibilities/?topic={row.id}", topic_id=row.id)


def _user(row: Any, _day: date) -> Shown:
    return Shown(row.name, f"/users/{row.id}", _joined(row.unit, phone(row.phone)), numbers=(row.phone,))


def _enquiry(row: Any, _day: date) -> Shown:
    return Shown(
        row.subject,
        f"/enquiries/{row.id}",
        _joined(row.caller_name, row.caller_organisation, EnquiryStatus(row.status).label),
        numbers=(row.caller_phone,),
        organisation_id=row.organisation_id,
        topic_id=row.topic_id,
        site_id=row.site_id,
    )


def _measure(row: Any, day: date) -> Shown:
    in_force = state_on(day, state=row.state, ends_on=row.ends_on) is PlanState.active
    label = row.labels.get(language()) or row.labels["nb"]
    return Shown(
        f"{row.code} {label}",
        f"/plan/measures/{row.code}" + ("" if in_force else f"?plan={row.plan_id}"),
        _joined(row.title, MeasureStatus(row.status).label),
        ended=not in_force,
    )


_WAYS: Final[dict[EntryKind, tuple[Any, Callable[[Any, date], Shown]]]] = {
    EntryKind.organisation: (_ORGANISATIONS, _organisation),
    EntryKind.contact: (_CONTACTS, _contact),
    EntryKind.site: (_SITES, _site),
    EntryKind.responsibility: (_RESPONSIBILITIES, _responsibility),
    EntryKind.user: (_USERS, _user),
    EntryKind.enquiry: (_ENQUIRIES, _enquiry),
    EntryKind.measure: (_MEASURES, _measure),
    EntryKind.topic: (_TOPICS, _topic),
}
_READ: Final = {kind: _reader(statement) for kind, (statement, _make) in _WAYS.items()}
