"""Sessions of an arena: planned from its rhythm or outside it, left out, held with attendance and minutes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, time
from typing import TypedDict

from flask_babel import gettext as _
from sqlalchemy import select

from crm.accounts.models import User
from crm.arenas import rules
from crm.arenas.models import Arena, ArenaSession, ArenaSkip
from crm.arenas.operations.locking import lock_arena
from crm.arenas.rhythm import ends_at
from crm.audit.recording import diff, record
from crm.database import now
from crm.extensions import db
from crm.interactions.models import Interaction, InteractionKind, InteractionStatus
from crm.interactions.operations import log_interaction, update_interaction
from crm.interactions.operations.participants import affiliation_then
from crm.interactions.rules import NOTES_LENGTH
from crm.organisations.models import Contact
from crm.plan.queries import outlines
from crm.web.clock import instant, today
from crm.web.formatting import day as written_day
from crm.web.formatting import number
from crm.web.forms.fields import tidy_text
from crm.web.validation import Invalid


class SessionTimes(TypedDict, total=False):
    """Another time or place than the arena's own; times of day are local."""

    begins_at: time | None
    minutes: int | None
    place: str | None


def plan_session(
    arena: Arena,
    *,
    actor: User,
    day: date | None,
    proposed_for: date | None = None,
    agenda: str | None = None,
    times: SessionTimes | None = None,
) -> ArenaSession:
    """A session on a local day, as the arena has it: its measures of the plan of that day, its host, time and place.
    `proposed_for` is the day of the rhythm that it stands for. One on a day that has passed is begun as a draft.
    Raises Invalid (starts_on, agenda and those of interactions).
    """
    lock_arena(arena)
    if day is None:
        raise Invalid({"starts_on": [_("Enter the date it is planned for")]})
    if proposed_for is None and rules.is_of_rhythm(arena, day):
        proposed_for = day if day not in taken_days(arena.id, [day]) else None
    elif proposed_for is not None and proposed_for in taken_days(arena.id, [proposed_for]):
        raise Invalid(
            {"starts_on": [_("There is a session for %(day)s already", day=written_day(proposed_for))]}
        )
    given = SessionTimes(begins_at=arena.begins_at, minutes=arena.minutes, place=arena.place)
    given.update(times or {})
    begins_at, minutes = given["begins_at"], given["minutes"]
    interaction = log_interaction(
        actor=actor,
        keeper=True,
        kind=InteractionKind.arena_session,
        status=InteractionStatus.planned if day >= today() else InteractionStatus.draft,
        title=arena.name,
        starts_on=day,
        starts_at=instant(day, begins_at) if begins_at else None,
        ends_at=ends_at(day, begins_at, minutes) if begins_at and minutes else None,
        place=given["place"],
        organisation_ids=[arena.host_id] if arena.host_id is not None else [],
        advisor_ids=[] if actor.is_service else [actor.id],
        measure_ids=rules.measures_on(day, [measure.id for measure in arena.measures], outlines()),
    )
    session = ArenaSession(
        id=interaction.id,
        arena=arena,
        interaction=interaction,
        proposed_for=proposed_for,
        agenda=_text(agenda),
    )
    _check_texts(session)
    record(session, actor=actor)
    _drop_skip(arena, proposed_for, actor)
    return session


def plan_days(arena: Arena, *, actor: User, days: Iterable[date]) -> list[ArenaSession]:
    """Sessions on days of the rhythm; those that have one already are passed over. Raises Invalid (days)."""
    lock_arena(arena)
    wanted = sorted(set(days))
    if strays := [day for day in wanted if day < today() or not rules.is_of_rhythm(arena, day)]:
        raise Invalid({"days": [_("%(day)s is no coming day of the rhythm", day=written_day(strays[0]))]})
    taken = taken_days(arena.id, wanted)
    return [plan_session(arena, actor=actor, day=day, proposed_for=day) for day in wanted if day not in taken]


def leave_out(arena: Arena, *, actor: User, day: date) -> None:
    """No session on a day of the rhythm: it is proposed no more. Twice is once. Raises Invalid (days)."""
    lock_arena(arena)
    if not rules.is_of_rhythm(arena, day):
        raise Invalid({"days": [_("%(day)s is no coming day of the rhythm", day=written_day(day))]})
    if not any(skip.occurs_on == day for skip in arena.skips):
        arena.skips.append(ArenaSkip(occurs_on=day))
        arena.updated_at = now()
        record(arena, actor=actor)


def take_back(arena: Arena, *, actor: User, day: date) -> None:
    """Propose a day again that was left out."""
    lock_arena(arena)
    _drop_skip(arena, day, actor)


def _drop_skip(arena: Arena, day: date | None, actor: User) -> None:
    if found := [skip for skip in arena.skips if skip.occurs_on == day]:
        arena.skips.remove(found[0])
        arena.updated_at = now()
        record(arena, actor=actor)


def save_session(
    session: ArenaSession,
    *,
    actor: User,
    version: int | None,
    status: str,
    member_ids: Collection[int],
    organisation_ids: Sequence[int],
    contact_ids: Sequence[int],
    measure_ids: Sequence[int],
    agenda: str | None,
    decisions: str | None,
    notes: str | None,
) -> ArenaSession:
    """Who came, what was to be talked about and what was decided; `version` is the interaction's.

    `member_ids` are those members of the arena who came, with the organisations that they represent; `organisation_ids`
    and `contact_ids` came besides, and for such a person where they worked that day. Raises Invalid, or Stale with the
    interaction.
    """
    interaction = session.interaction
    members = [member for member in session.arena.members if member.id in member_ids]
    organisations = [*(one.organisation_id for one in members if one.organisation_id), *organisation_ids]
    contacts = [*(one.contact_id for one in members if one.contact_id), *contact_ids]
    unrepresented = [one.contact_id for one in members if one.contact_id and not one.organisation_id]
    workplaces = _workplaces([*unrepresented, *contact_ids], organisations, interaction)
    update_interaction(
        interaction,
        actor=actor,
        version=version,
        keeper=True,
        status=status,
        notes=notes,
        organisation_ids=[*organisations, *workplaces],
        contact_ids=contacts,
        measure_ids=measure_ids,
    )
    for name, value in (("agenda", _text(agenda)), ("decisions", _text(decisions))):
        if getattr(session, name) != value:
            setattr(session, name, value)
    _check_texts(session)
    if diff(session):
        interaction.updated_at = now()  # one version for what is edited as one
        record(session, actor=actor)
    return session


def _workplaces(
    contact_ids: Sequence[int], organisation_ids: Sequence[int], interaction: Interaction
) -> list[int]:
    """Where those worked that day who come for none of the organisations."""
    found: dict[int, None] = {}
    for contact in db.session.scalars(select(Contact).where(Contact.id.in_(contact_ids))):
        works = affiliation_then(contact.affiliations, set(organisation_ids), interaction.starts_on)
        if (
            works is not None
            and works.organisation_id not in organisation_ids
            and not works.organisation.is_binned
        ):
            found[works.organisation_id] = None
    return list(found)


def taken_days(arena_id: int, days: Iterable[date]) -> set[date]:
    """Those of the days of the rhythm that a session stands for which is not in the bin."""
    return set(
        db.session.scalars(
            select(ArenaSession.proposed_for)
            .join(Interaction, Interaction.id == ArenaSession.id)
            .where(ArenaSession.arena_id == arena_id, ArenaSession.proposed_for.in_(list(days)))
            .where(Interaction.deleted_at.is_(None))
        )
    )


def _text(value: str | None) -> str | None:
    return tidy_text(value or "").strip() or None


def _check_texts(session: ArenaSession) -> None:
    for name in ("agenda", "decisions"):
        text = getattr(session, name)
        if text and len(text) > NOTES_LENGTH:
            raise Invalid({name: [_("Shorten this to %(most)s characters", most=number(NOTES_LENGTH))]})
