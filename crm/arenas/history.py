"""How arenas and what their sessions have besides read in their history and in the audit log."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select

from crm.arenas.models import Arena, ArenaSession
from crm.arenas.wording import rule_in_words
from crm.audit.descriptions import Description, describe
from crm.audit.fields import Context, Field, Reference, number, on_day, plain, record_named
from crm.interactions.models import Interaction
from crm.interactions.queries import readable
from crm.web.formatting import day


def describe_arenas() -> None:
    describe(
        "Arena",
        Description(
            label=_l("Dialogue arena"),
            identity=Arena.id,
            name=lambda: Arena.name,
            path=lambda identity: f"/arenas/{identity}",
            fields={
                "name": plain(_l("Name")),
                "purpose": plain(_l("Purpose")),
                "host_id": record_named(_l("Host"), "Organisation"),
                "host_unit_id": record_named(_l("Hosted by our unit"), "Unit"),
                "rhythm": plain(_l("Rhythm"), rule_in_words),
                "starts_on": on_day(_l("First day")),
                "begins_at": plain(_l("From"), lambda value: value[:5]),
                "minutes": number(_l("Length in minutes")),
                "place": plain(_l("Place")),
                "ended_on": on_day(_l("Last day")),
                "measures": plain(_l("Measures")),
                "members": Field(_l("Members"), _member, _people_of),
                "skips": on_day(_l("Left out")),
                "deleted_at": None,
            },
        ),
    )
    describe(
        "ArenaSession",
        Description(
            label=_l("Session of a dialogue arena"),
            identity=ArenaSession.id,
            name=lambda: select(Interaction.title).where(Interaction.id == ArenaSession.id).scalar_subquery(),
            path=lambda identity: f"/interactions/{identity}",
            readable=_readable_sessions,
            fields={
                "arena_id": record_named(_l("Dialogue arena"), "Arena"),
                "proposed_for": on_day(_l("Proposed for")),
                "agenda": plain(_l("Agenda")),
                "decisions": plain(_l("What was decided")),
            },
        ),
    )


def _people_of(value: dict[str, Any]) -> Iterable[Reference]:
    kinds = {"contact": "Contact", "organisation": "Organisation"}
    return [(kinds[name], value[name]) for name in kinds if value[name] is not None]


def _member(value: dict[str, Any], context: Context) -> str:
    """“Kari Aas · Aas AS (3 Jan 2026 – 4 May 2026)”"""
    words = " · ".join(context.name(kind, identity) for kind, identity in _people_of(value))
    started, ended = (
        value[name] and day(date.fromisoformat(value[name])) for name in ("started_on", "ended_on")
    )
    if started and ended:
        return f"{words} ({started} – {ended})"
    if started:
        return str(_("%(who)s (since %(day)s)", who=words, day=started))
    return str(_("%(who)s (until %(day)s)", who=words, day=ended)) if ended else words


def _readable_sessions(viewer: Any) -> ColumnElement[bool]:
    """Those whose interactions the viewer may read."""
    return select(Interaction.id).where(Interaction.id == ArenaSession.id, readable(viewer)).exists()
