from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from crm.accounts.models import User
from crm.arenas import queries
from crm.arenas.days_off import day_off
from crm.arenas.history import describe_arenas
from crm.arenas.models import Arena, ArenaMember
from crm.arenas.views import blueprint
from crm.interactions.joined import JoinedKind, register_joined_kind
from crm.interactions.models import InteractionKind
from crm.organisations.mergeable import joins, moves, register_mergeable
from crm.web.clock import today
from crm.web.panels import add_panel


def register_arenas(app: Flask) -> None:
    """Routes of the feature, how its records read, and what it shows on other features' pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["day_off"] = day_off
    describe_arenas()
    members = ArenaMember.__table__.c
    of_arena = {"label": _l("Memberships of dialogue arenas"), "touches": members.arena_id}
    same_time = (members.arena_id, members.ended_on)
    register_mergeable(members.organisation_id, joins(*same_time, members.contact_id), **of_arena)
    register_mergeable(members.contact_id, joins(*same_time, members.organisation_id), **of_arena)
    register_mergeable(Arena.host_id, moves, label=_l("Dialogue arenas that it hosts"))
    register_joined_kind(InteractionKind.arena_session, JoinedKind(made_at="/arenas/"))
    add_panel("interaction", "arena_session", queries.session_panel)
    add_panel("interaction_history", "ArenaSession", _as_part)
    add_panel("organisation", "arenas", _of_organisation)
    add_panel("bin", "arenas", lambda *_: queries.binned_arenas())


def _as_part(interaction: Any, _viewer: User) -> list[int]:
    return [interaction.id] if interaction.kind == InteractionKind.arena_session else []


def _of_organisation(organisation: Any, _viewer: User) -> Any:
    return queries.arenas_of_organisation(organisation, today=today())
