"""The rows of arenas and their sessions."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from crm.arenas.models import Arena, ArenaMember, ArenaSession, arena_measures
from crm.database import folded, sort_key
from crm.demo.arenas import Forum, Met
from crm.demo.bulk import instant
from crm.demo.tagging import Tag
from crm.demo.writing import Writer, as_created, written_day


class ArenaWriter(Writer):
    """A writer that knows arenas, too."""

    def __init__(self, session: Session, today: date) -> None:
        super().__init__(session, today)
        self._members = 0

    def arena(self, made: Forum, *, measures: list[Tag]) -> None:
        rows, at = self._rows, datetime.combine(made.starts_on - timedelta(days=10), time(9), UTC)
        assert made.author is not None
        fields = {
            "name": made.name,
            "purpose": made.purpose,
            "host_id": made.host_id,
            "rhythm": made.rhythm,
            "starts_on": written_day(made.starts_on),
            "begins_at": made.begins_at.isoformat(),
            "minutes": made.minutes,
            "place": made.place,
        }
        words = folded(f"{made.name} {made.purpose}")
        moment = instant(at)
        rows[Arena].append((made.id, *fields.values(), sort_key(made.name), words, 1, moment, moment))
        rows[arena_measures].extend((made.id, measure.id) for measure in measures)
        members = []
        for one in made.members:
            self._members += 1
            member = {
                "organisation": one.organisation_id,
                "contact": one.person[0] if one.person else None,
                "started_on": written_day(made.starts_on),
                "ended_on": None,
            }
            members.append(member)
            rows[ArenaMember].append((self._members, made.id, *list(member.values())[:-1]))
        told = {**fields, "measures": [measure.code for measure in measures], "members": members}
        self._audit(at, made.author.id, (Arena, made.id), as_created(told))

    def session(self, made: Met) -> None:
        self.interaction(made.logged)
        logged = made.logged
        fields = {
            "arena_id": made.forum.id,
            "proposed_for": written_day(logged.starts_on),
            "agenda": made.agenda,
            "decisions": made.decisions,
        }
        self._rows[ArenaSession].append((logged.id, *fields.values()))
        self._audit(logged.created_at, logged.author.id, (ArenaSession, logged.id), as_created(fields))
