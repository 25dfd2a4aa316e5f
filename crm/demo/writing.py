"""From what was made up to rows: each table's columns, and the audit event that tells of each record's creation."""

from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

from crm.arenas.models import Arena, ArenaMember, ArenaSession, arena_measures
from crm.audit.models import AuditEvent
from crm.collaborations.models import Collaboration, collaboration_activities
from crm.database import folded, sort_key
from crm.demo.bulk import Sink, as_json, instant
from crm.demo.logged import Logged, Promise
from crm.demo.organisations import Stakeholder
from crm.demo.people import Person
from crm.interactions.models import (
    AdvisorParticipation,
    ContactParticipation,
    FollowUp,
    Interaction,
    InteractionSignal,
    interaction_measures,
    interaction_organisations,
    interaction_search_text,
)
from crm.organisations.models import (
    Affiliation,
    Contact,
    Organisation,
    OrganisationName,
    Relation,
    contact_search_text,
    organisation_search_text,
    organisation_tags,
)
from crm.organisations.models import Tag as OrganisationTag
from crm.web.clock import OSLO

_RECORD = "version created_at updated_at"
_COLUMNS = {
    Organisation: "id name kind status organisation_number legal_form industry_code employees municipality_number "
    f"street postcode city website email phone account_manager_id deputy_id sort_key search_text deleted_at {_RECORD}",
    OrganisationName: "organisation_id kind name until",
    OrganisationTag: "id name folded_name",
    organisation_tags: "organisation_id tag_id",
    Relation: "id from_id to_id kind started_on",
    Contact: f"id given_name family_name email phone language sort_key search_text {_RECORD}",
    Affiliation: "id contact_id organisation_id title topics primary started_on ended_on",
    Interaction: "id kind status title starts_on starts_at ends_at place notes confidential author_id listed_on search_text "
    "outcome outcome_note outcome_on "
    f"deleted_at {_RECORD}",
    interaction_organisations: "interaction_id organisation_id",
    interaction_measures: "interaction_id measure_id",
    ContactParticipation: "interaction_id contact_id affiliation_id",
    AdvisorParticipation: "interaction_id user_id unit_id",
    Arena: f"id name purpose host_id rhythm starts_on begins_at minutes place sort_key search_text {_RECORD}",
    ArenaMember: "id arena_id organisation_id contact_id started_on",
    arena_measures: "arena_id measure_id",
    ArenaSession: "interaction_id arena_id proposed_for agenda decisions",
    Collaboration: "interaction_id year stage aim result lead_id continues_id",
    collaboration_activities: "collaboration_id interaction_id",
    InteractionSignal: "interaction_id signal",
    FollowUp: f"id interaction_id organisation_id text owner_id due_on done_at done_note {_RECORD}",
    AuditEvent: "at actor_id action subject_type subject_id changes",
}


def _table(mapped: Any) -> Table:
    table: Table = mapped if isinstance(mapped, Table) else mapped.__table__
    return table


def written_day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def as_created(fields: dict[str, Any]) -> dict[str, Any]:
    """The changes of a creation, as `audit.recording.diff` gives them: from nothing to what there is."""
    return {
        name: [[], value] if isinstance(value, list) else [None, value]
        for name, value in fields.items()
        if value is not None and value != []
    }


class Writer:
    """Turns what was made up into rows of a sink."""

    def __init__(self, session: Session, today: date) -> None:
        self.sink = Sink(session, [(_table(mapped), columns.split()) for mapped, columns in _COLUMNS.items()])
        rows = self.sink.rows
        self._rows = {mapped: rows[_table(mapped).name] for mapped in _COLUMNS}
        # What is in the bin came there lately: it is kept for 30 days only.
        self._binned_at = datetime.combine(today - timedelta(days=2), time(10), UTC)
        self._tags: dict[str, int] = {}
        self._relations = self._follow_ups = 0

    def write(self) -> None:
        """Write what has gathered, and tell of it in the order in which it happened, as the audit log is read."""
        self._rows[AuditEvent].sort(key=itemgetter(0))
        self.sink.write()

    def _audit(
        self,
        at: datetime,
        actor_id: int,
        subject: tuple[type[Any], int],
        changes: dict[str, Any],
        action: str = "created",
    ) -> None:
        self._rows[AuditEvent].append(
            (instant(at), actor_id, action, subject[0].__name__, subject[1], as_json(changes))
        )

    def organisation(
        self,
        made: Stakeholder,
        *,
        account_manager: int,
        deputy: int | None,
        at: datetime,
        related_since: date,
    ) -> None:
        fields = {
            "name": made.name,
            "kind": made.kind.value,
            "status": made.status.value,
            "organisation_number": made.organisation_number,
            "legal_form": made.legal_form,
            "industry_code": made.industry_code,
            "employees": made.employees,
            "municipality_number": made.municipality_number,
            "street": made.street,
            "postcode": made.postcode,
            "city": made.city,
            "website": made.website,
            "email": made.email,
            "phone": made.phone,
            "account_manager_id": account_manager,
            "deputy_id": deputy,
        }
        moment = instant(at)
        version = 2 if made.binned else 1
        self._rows[Organisation].append(
            (
                made.id,
                *fields.values(),
                sort_key(made.name),
                organisation_search_text(made),
                instant(self._binned_at) if made.binned else None,
                version,
                moment,
                instant(self._binned_at) if made.binned else moment,
            )
        )
        tags = sorted(set(made.tags))
        self._rows[organisation_tags] += [(made.id, self._tag(tag)) for tag in tags]
        self._rows[OrganisationName] += [(made.id, *one.values()) for one in made.names_told()]
        more = {"tags": tags, "names": made.names_told()}
        self._audit(at, account_manager, (Organisation, made.id), as_created({**fields, **more}))
        if made.binned:
            changes = {"deleted_at": [None, self._binned_at.isoformat()]}
            self._audit(self._binned_at, account_manager, (Organisation, made.id), changes, "binned")
        for kind, target in dict(made.relations).items():
            self._relation(made.id, target, kind, related_since, at=at, actor=account_manager)

    def _relation(
        self, source: int, target: int, kind: str, since: date, *, at: datetime, actor: int
    ) -> None:
        """A tie between two organisations, of which both histories tell."""
        self._relations += 1
        self._rows[Relation].append((self._relations, source, target, kind, written_day(since)))
        relation = {
            "from": source,
            "kind": kind,
            "to": target,
            "started_on": written_day(since),
            "ended_on": None,
        }
        for organisation in (source, target):
            changes = {"relations": [[], [relation]]}
            self._audit(at, actor, (Organisation, organisation), changes, "changed")

    def _tag(self, name: str) -> int:
        if name not in self._tags:
            self._tags[name] = len(self._tags) + 1
            self._rows[OrganisationTag].append((self._tags[name], name, folded(name)))
        return self._tags[name]

    def person(self, made: Person, *, actor: int, at: datetime) -> None:
        fields = {
            "given_name": made.given_name,
            "family_name": made.family_name,
            "email": made.email,
            "phone": made.phone,
            "language": made.language,
        }
        moment = instant(at)
        key = sort_key(f"{made.family_name} {made.given_name}")
        self._rows[Contact].append(
            (made.id, *fields.values(), key, contact_search_text(made), 1, moment, moment)
        )
        for post in made.posts:
            self._rows[Affiliation].append(
                (
                    post.id,
                    made.id,
                    post.organisation_id,
                    post.title,
                    as_json(post.topics),
                    int(post.primary),
                    written_day(post.started_on),
                    written_day(post.ended_on),
                )
            )
        posts = [post.as_audited() for post in made.posts]
        self._audit(at, actor, (Contact, made.id), as_created({**fields, "affiliations": posts}))

    def interaction(self, made: Logged) -> None:
        rows, identifier, author = self._rows, made.id, made.author.id
        held_at = (
            made.created_at if not made.was_planned else max(made.created_at, made.ends_at or made.created_at)
        )
        ending = made.ending
        told_at = max(held_at, ending.at.astimezone(UTC)) if ending else held_at
        starts_at = instant(made.starts_at) if made.starts_at else None
        ends_at = instant(made.ends_at) if made.ends_at else None
        rows[Interaction].append(
            (
                identifier,
                made.kind.value,
                made.status.value,
                made.title,
                written_day(made.starts_on),
                starts_at,
                ends_at,
                made.place,
                made.notes,
                int(made.confidential),
                author,
                written_day(made.starts_on or made.created_at.astimezone(OSLO).date()),
                interaction_search_text(made),
                *(
                    (ending.outcome.value, ending.note, written_day(ending.on))
                    if ending
                    else (None, None, None)
                ),
                instant(self._binned_at) if made.binned else None,
                1 + made.was_planned + made.binned + (made.revised_at is not None) + bool(ending),
                instant(made.created_at),
                instant(made.revised_at or told_at),
            )
        )
        rows[interaction_organisations].extend(
            (identifier, organisation) for organisation in made.organisations
        )
        rows[interaction_measures].extend((identifier, measure.id) for measure in made.measures)
        rows[ContactParticipation].extend((identifier, contact, post) for contact, post in made.contacts)
        rows[AdvisorParticipation].extend((identifier, user, unit) for user, unit in made.advisors)
        rows[InteractionSignal].extend((identifier, signal.value) for signal in made.signals)
        self._audit(made.created_at, author, (Interaction, identifier), as_created(made.as_audited()))
        if made.was_planned:
            went = {"status": ["planned", made.status.value]}
            self._audit(held_at, author, (Interaction, identifier), went, "changed")
        if ending:
            told = {
                "outcome": ending.outcome.value,
                "outcome_note": ending.note,
                "outcome_on": written_day(ending.on),
            }
            self._audit(told_at, author, (Interaction, identifier), as_created(told), "changed")
        if made.binned:
            changes = {"deleted_at": [None, self._binned_at.isoformat()]}
            self._audit(self._binned_at, author, (Interaction, identifier), changes, "binned")
        for promise in made.promises:
            self.promise(
                promise,
                actor=author,
                at=made.created_at,
                organisation_id=made.organisations[0],
                interaction_id=made.id,
            )

    def promise(
        self,
        promise: Promise,
        *,
        actor: int,
        at: datetime,
        organisation_id: int,
        interaction_id: int | None = None,
    ) -> None:
        """A follow-up, of an interaction or standing alone."""
        self._follow_ups += 1
        fields = {
            "interaction_id": interaction_id,
            "organisation_id": organisation_id,
            "text": promise.text,
            "owner_id": promise.owner_id,
            "due_on": written_day(promise.due_on),
        }
        created = at.astimezone(UTC)
        done = promise.done_at.astimezone(UTC) if promise.done_at else None
        self._rows[FollowUp].append(
            (
                self._follow_ups,
                *fields.values(),
                instant(done) if done else None,
                promise.done_note,
                2 if done else 1,
                instant(created),
                instant(done or created),
            )
        )
        self._audit(created, actor, (FollowUp, self._follow_ups), as_created(fields))
        if done:
            changes = as_created({"done_at": done.isoformat(), "done_note": promise.done_note})
            self._audit(done, promise.owner_id, (FollowUp, self._follow_ups), changes, "done")
