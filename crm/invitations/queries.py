"""Reads of messages that came in, of what is asked about meetings, and of what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import User
from crm.database import among
from crm.extensions import db
from crm.interactions.joined import KEPT_ELSEWHERE
from crm.interactions.models import AdvisorParticipation, Interaction, InteractionStatus
from crm.interactions.queries.secrecy import readable
from crm.invitations.models import (
    Candidate,
    InboundMessage,
    Invitee,
    Meeting,
    MessageState,
    Occurrence,
    RawMessage,
)
from crm.invitations.operations.questions import OPEN
from crm.invitations.reasons import Reason
from crm.organisations.models import Contact

MOST_LATEST, MOST_WAITING, MOST_QUESTIONS, MOST_STRANGERS = 20, 50, 20, 50
MOST_LINKS = 3


@dataclass(frozen=True, slots=True)
class Link:
    """An interaction that a message is about, and its title and day; None where the reader may not read it."""

    id: int
    did: str
    shown: tuple[str, date | None] | None


@dataclass(frozen=True, slots=True)
class Came:
    """A message in a list: what became of it, with its first interactions and how many more there are."""

    message: InboundMessage
    raw: RawMessage | None
    links: Sequence[Link]
    more: int
    reasons: Sequence[Any]

    @property
    def state(self) -> MessageState:
        return MessageState(self.message.state)


def latest_of(user: User) -> list[Came]:
    """What the user has sent or uploaded, latest first. Two statements."""
    messages = db.session.scalars(
        select(InboundMessage)
        .where(InboundMessage.sender_id == user.id)
        .options(joinedload(InboundMessage.raw))
        .order_by(InboundMessage.id.desc())
        .limit(MOST_LATEST)
    ).all()
    return _came(messages, user)


@dataclass(frozen=True, slots=True)
class Waiting:
    messages: Sequence[InboundMessage]
    total: int


def waiting() -> Waiting:
    """What an administrator is to decide on, oldest first. One statement."""
    found = db.session.execute(
        select(InboundMessage, func.count().over())
        .where(InboundMessage.state == MessageState.waiting)
        .options(joinedload(InboundMessage.raw))
        .order_by(InboundMessage.id)
        .limit(MOST_WAITING)
    ).all()
    return Waiting([row[0] for row in found], int(found[0][1]) if found else 0)


def _came(messages: Sequence[InboundMessage], viewer: User) -> list[Came]:
    shown = {
        message.id: list({one[1]: one for one in message.results if one[1]}.values()) for message in messages
    }
    ids = [one[1] for results in shown.values() for one in results[:MOST_LINKS]]
    shown_as: dict[int, tuple[str, date | None]] = {}
    if ids:
        rows = db.session.execute(
            select(Interaction.id, Interaction.title, Interaction.starts_on).where(
                among(Interaction.id), readable(viewer)
            ),
            {"ids": ids},
        )
        shown_as = {row.id: (row.title, row.starts_on) for row in rows}
    return [
        Came(
            message,
            message.raw,
            [
                Link(identity, did, shown_as.get(identity))
                for did, identity, _why in shown[message.id][:MOST_LINKS]
            ],
            max(0, len(shown[message.id]) - MOST_LINKS),
            [Reason(one).label for one in _reasons(message)],
        )
        for message in messages
    ]


def _reasons(message: InboundMessage) -> list[str]:
    """Why something of it was not taken, each once."""
    reasons = [
        message.reason,
        *(why for did, _identity, why in message.results if did in {"not_taken", "left"}),
    ]
    return list(dict.fromkeys(one for one in reasons if one))


def found_message(identity: int) -> InboundMessage | None:
    """The message, held until the transaction ends: of two administrators the second sees what the first decided."""
    return db.session.scalar(
        select(InboundMessage)
        .where(InboundMessage.id == identity)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def found_invitee(identity: int) -> Invitee | None:
    return db.session.get(Invitee, identity, options=[joinedload(Invitee.candidates)])


@dataclass(frozen=True, slots=True)
class Asked:
    """An open question, and the first interaction that it is about."""

    interaction_id: int
    title: str
    starts_at: datetime | None
    starts_on: Any
    name: str


def open_questions(user: User) -> list[Asked]:
    """What is asked about meetings that the user takes part in, the next first. One statement."""
    i, took_part = Interaction, AdvisorParticipation
    mine = exists().where(took_part.interaction_id == i.id, took_part.user_id == user.id)
    asks = exists().where(Candidate.invitee_id == Invitee.id)
    rows = db.session.execute(
        select(Invitee.id, Invitee.email, Invitee.name, i.id, i.title, i.starts_on, i.starts_at)
        .join(Occurrence, Occurrence.meeting_id == Invitee.meeting_id)
        .join(i, i.id == Occurrence.interaction_id)
        .where(Invitee.settled_at.is_(None), asks, i.deleted_at.is_(None), i.status.in_(OPEN))
        .where(or_(i.author_id == user.id, mine))
        .order_by(i.starts_on, i.id)
        .limit(MOST_QUESTIONS * 10)
    ).all()
    found: dict[int, Asked] = {}
    for identity, email, name, interaction_id, title, starts_on, starts_at in rows:
        found.setdefault(identity, Asked(interaction_id, title, starts_at, starts_on, name or email))
    return list(found.values())[:MOST_QUESTIONS]


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the page of an interaction shows of the invitation that it came from."""

    recurs: bool
    questions: Sequence[Invitee]
    strangers: Sequence[Invitee]
    known: frozenset[int]
    """Ids of the strangers who have become contacts since."""


def invitation_of(interaction: Interaction, _viewer: User) -> Invitation | None:
    """None for an interaction that did not come from a calendar. One statement; none for kinds that never do."""
    if interaction.kind in KEPT_ELSEWHERE:
        return None
    known = exists().where(Contact.email == Invitee.email, Contact.deleted_at.is_(None))
    rows = (
        db.session.execute(
            select(Meeting.id, Meeting.series.is_not(None).label("recurs"), Invitee, known.label("known"))
            .join(Occurrence, Occurrence.meeting_id == Meeting.id)
            .outerjoin(Invitee, and_(Invitee.meeting_id == Meeting.id, Invitee.settled_at.is_(None)))
            .where(Occurrence.interaction_id == interaction.id)
            .options(
                joinedload(Invitee.candidates).joinedload(Candidate.organisation),
                joinedload(Invitee.candidates).joinedload(Candidate.contact),
            )
            .order_by(Invitee.id)
            .limit(MOST_STRANGERS)
        )
        .unique()
        .all()
    )
    if not rows:
        return None
    asks = interaction.status in {InteractionStatus.draft, InteractionStatus.planned}
    found: list[Invitee | None] = [row[2] for row in rows] if asks else []
    invitees = [one for one in found if one is not None]
    return Invitation(
        bool(rows[0].recurs),
        [one for one in invitees if one.candidates],
        [one for one in invitees if not one.candidates],
        frozenset(row[2].id for row in rows if row.known),
    )
