"""The list of enquiries, as its address narrows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, func, or_, select

from crm.accounts.models import Permission, Unit, User
from crm.database import folded, local_day
from crm.enquiries.models import Channel, Enquiry, EnquiryStatus
from crm.extensions import db
from crm.organisations.models import Contact, Organisation
from crm.responsibilities.models import Topic
from crm.sites.models import Site
from crm.web.clock import instant
from crm.web.paging import PAGE_SIZE, Key, Page, paged

WHOSE = ("mine", "unit", "queue", "all")
ANSWERED = ("yes", "in_time", "late")
"""Those with an answer; those answered within the deadline; those answered after it, or still owed past it."""
WITHOUT = "none"
STATES = ("open", *(str(status) for status in EnquiryStatus), "all")
OPEN = tuple(str(status) for status in EnquiryStatus if status.is_open)
LARGEST_ID = 2**31 - 1

_e = Enquiry.__table__.c
BY_DEADLINE = (Key("due_on", _e.due_on), Key("id", _e.id))
LATEST_FIRST = (Key("received_at", _e.received_at, descending=True), Key("id", _e.id, descending=True))
LATEST_CHANGES = (Key("updated_at", _e.updated_at), Key("id", _e.id))


def is_open() -> ColumnElement[bool]:
    return Enquiry.status.in_(OPEN)


def is_overdue(today: date) -> ColumnElement[bool]:
    """Owed past the due day. What waits for the caller is not: its due day moves when they are heard from."""
    return and_(is_open(), Enquiry.status != EnquiryStatus.waiting, Enquiry.due_on < today)


def answer_conditions(answered: str, today: date) -> list[ColumnElement[bool]]:
    """One of ANSWERED. Within the deadline: on a local day no later than the due day."""
    e = Enquiry
    if answered == "yes":
        return [e.answered_at.is_not(None)]
    if answered == "in_time":
        return [e.answered_at.is_not(None), local_day(e.answered_at) <= e.due_on]
    return [
        or_(
            and_(e.answered_at.is_not(None), local_day(e.answered_at) > e.due_on),
            and_(e.answered_at.is_(None), is_overdue(today)),
        )
    ]


def _day(value: str | None) -> date | None:
    try:
        found = date.fromisoformat((value or "").strip())
    except ValueError:
        return None
    return found if 1900 <= found.year < 2200 else None


def _id(value: str | None) -> int | None:
    given = (value or "").strip()
    found = int(given) if given.isascii() and given.isdigit() and len(given) < 11 else 0
    return found if 0 < found <= LARGEST_ID else None


@dataclass(frozen=True, kw_only=True)
class EnquiryFilter:
    """What the list is narrowed to: open ones unless told otherwise. `whose` is seen from the reader. `since` and `until`
    are local days on which they came in, both included; `answered` is one of ANSWERED.
    """

    whose: str = "all"
    status: str = "open"
    topic: int | None = None
    without_topic: bool = False
    channel: str | None = None
    overdue: bool = False
    organisation: int | None = None
    contact: int | None = None
    assignee: int | None = None
    unit: int | None = None
    q: str | None = None
    since: date | None = None
    until: date | None = None
    answered: str | None = None

    @classmethod
    def parse(cls, args: Mapping[str, str], *, whose: str = "all") -> Self:
        """From an address's arguments; what cannot be understood is left out. `whose` where the address does not say."""
        asked, status, channel = args.get("whose", ""), args.get("status", ""), args.get("channel", "")
        return cls(
            whose=asked if asked in WHOSE else whose,
            status=status if status in STATES else "open",
            topic=_id(args.get("topic")),
            without_topic=args.get("topic") == WITHOUT,
            channel=channel if channel in set(Channel) else None,
            overdue=args.get("overdue") in {"yes", "true", "1"},
            organisation=_id(args.get("organisation")),
            contact=_id(args.get("contact")),
            assignee=_id(args.get("assignee")),
            unit=_id(args.get("unit")),
            q=args.get("q", "").strip()[:100] or None,
            since=_day(args.get("from")),
            until=_day(args.get("to")),
            answered=args.get("answered") if args.get("answered") in ANSWERED else None,
        )

    def args(self) -> dict[str, str]:
        """The arguments of its address."""
        return {
            "whose": self.whose,
            "status": self.status,
            **{
                name: str(value)
                for name in (
                    "topic",
                    "channel",
                    "organisation",
                    "contact",
                    "assignee",
                    "unit",
                    "q",
                    "answered",
                )
                if (value := getattr(self, name)) is not None
            },
            **({"topic": WITHOUT} if self.without_topic else {}),
            **({"from": self.since.isoformat()} if self.since else {}),
            **({"to": self.until.isoformat()} if self.until else {}),
            **({"overdue": "yes"} if self.overdue else {}),
        }

    @property
    def active_count(self) -> int:
        narrowed = (self.topic, self.channel, self.since or self.until, self.answered)
        flags = (self.without_topic, self.overdue, self.status != "open")
        return sum(one is not None for one in narrowed) + sum(flags)

    def conditions(self, viewer: User, today: date) -> list[ColumnElement[bool]]:
        e = Enquiry
        found: list[ColumnElement[bool]] = [e.deleted_at.is_(None)]
        if self.status == "open":
            found.append(is_open())
        elif self.status != "all":
            found.append(e.status == self.status)
        found += self._whose_conditions(viewer)
        for name in ("topic", "organisation", "contact", "assignee", "unit"):
            if (identity := getattr(self, name)) is not None:
                found.append(getattr(e, f"{name}_id") == identity)
        if self.without_topic:
            found.append(e.topic_id.is_(None))
        found += self._day_conditions()
        if self.answered is not None:
            found += answer_conditions(self.answered, today)
        if self.channel is not None:
            found.append(e.channel == self.channel)
        if self.overdue:
            found.append(is_overdue(today))
        if self.q is not None:
            found.append(_about(self.q))
        return found

    def _day_conditions(self) -> list[ColumnElement[bool]]:
        came, found = Enquiry.received_at, []
        if self.since is not None:
            found.append(came >= instant(self.since, time.min))
        if self.until is not None:
            found.append(came < instant(self.until + timedelta(days=1), time.min))
        return found

    def _whose_conditions(self, viewer: User) -> list[ColumnElement[bool]]:
        e = Enquiry
        if self.whose == "mine":
            return [e.assignee_id == viewer.id]
        if self.whose == "unit":
            members = select(User.id).where(User.unit_id == viewer.unit_id)
            return [or_(e.unit_id == viewer.unit_id, e.assignee_id.in_(members))]
        if self.whose == "queue":
            return [e.assignee_id.is_(None), e.status == EnquiryStatus.new]
        return []


def _about(query: str) -> ColumnElement[bool]:
    """Every word stands in what was said, or in the name of the organisation or contact."""
    words = folded(query).split() or [query]
    organisations, contacts = select(Organisation.id), select(Contact.id)
    for word in words:
        organisations = organisations.where(Organisation.search_text.contains(word, autoescape=True))
        contacts = contacts.where(Contact.search_text.contains(word, autoescape=True))
    return or_(
        and_(*(Enquiry.search_text.contains(word, autoescape=True) for word in words)),
        Enquiry.organisation_id.in_(organisations),
        Enquiry.contact_id.in_(contacts),
    )


def rows_of(conditions: Sequence[ColumnElement[bool]]) -> Any:
    """Enquiries as lists show them, with the names of all that they name."""
    contact_name = (Contact.given_name + " " + Contact.family_name).label("contact")
    return (
        select(
            *(Enquiry.id, Enquiry.version, Enquiry.subject, Enquiry.status, Enquiry.channel),
            *(Enquiry.due_on, Enquiry.received_at, Enquiry.answered_at, Enquiry.working_minutes),
            *(Enquiry.organisation_id, Organisation.name.label("organisation")),
            *(Enquiry.contact_id, contact_name, Enquiry.caller_name, Enquiry.caller_organisation),
            *(Enquiry.caller_phone, Enquiry.caller_email),
            *(Topic.name_nb, Topic.name_nn, Topic.name_en, Site.name.label("site")),
            *(Enquiry.assignee_id, User.name.label("assignee"), Unit.name.label("unit")),
        )
        .outerjoin(Organisation, Organisation.id == Enquiry.organisation_id)
        .outerjoin(Contact, Contact.id == Enquiry.contact_id)
        .outerjoin(Topic, Topic.id == Enquiry.topic_id)
        .outerjoin(Site, Site.id == Enquiry.site_id)
        .outerjoin(User, User.id == Enquiry.assignee_id)
        .outerjoin(Unit, Unit.id == Enquiry.unit_id)
        .where(*conditions)
    )


class EnquiryQuery:
    """The enquiries that a filter lets through, for a reader."""

    def __init__(self, wanted: EnquiryFilter, viewer: User, *, today: date) -> None:
        self.wanted = wanted
        self.conditions = wanted.conditions(viewer, today)

    @property
    def keys(self) -> tuple[Key, ...]:
        """What is owed in the order it is due; others the latest first."""
        return BY_DEADLINE if self.wanted.status in {"open", *OPEN} else LATEST_FIRST

    def count(self) -> int:
        return db.session.scalar(select(func.count()).select_from(Enquiry).where(*self.conditions)) or 0

    def page(self, cursor: str | None) -> Page[Any]:
        """Two statements."""
        return paged(
            rows_of(self.conditions), keys=self.keys, total=self.count(), cursor=cursor, size=PAGE_SIZE
        )

    def records(self, *, cursor: str | None, size: int, since: datetime | None = None) -> Page[Enquiry]:
        """A page of whole records, for the API; with `since` those changed then or later, in the order of the changes."""
        changed = [Enquiry.updated_at >= since] if since is not None else []
        total = db.session.scalar(select(func.count()).select_from(Enquiry).where(*self.conditions, *changed))
        return paged(
            select(Enquiry).where(*self.conditions, *changed),
            keys=LATEST_CHANGES if since is not None else self.keys,
            total=total or 0,
            cursor=cursor,
            size=size,
        )

    def every_row(self) -> Iterator[Any]:
        """All of them, for the export."""
        order = [key.column.desc() if key.descending else key.column for key in self.keys]
        statement = rows_of(self.conditions).order_by(*order).execution_options(yield_per=500)
        yield from db.session.execute(statement)


def whose_first(viewer: User) -> str:
    """What the list opens with: one's own for whoever answers, else all."""
    return "mine" if viewer.may(Permission.HANDLE_ENQUIRIES) else "all"
