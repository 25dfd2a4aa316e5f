"""Kinds of interaction that a feature above keeps a record of its own for: arena sessions and collaborations.

That feature makes them, by `log_interaction(…, keeper=True)`; it says here what of the interaction nobody else changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from crm.interactions.models import Interaction, InteractionKind
from crm.interactions.rules import Problems

KEPT_ELSEWHERE = frozenset({InteractionKind.arena_session, InteractionKind.collaboration})
LOGGED_KINDS = tuple(kind for kind in InteractionKind if kind not in KEPT_ELSEWHERE)
"""What the log form offers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedKind:
    """`made_at` is the address where one is made, `page(interaction_id)` where it is read and changed: None if that is
    the interaction's own page. `fixed` are the interaction's own fields that only the feature changes.
    `restoring_problems` is what stands in the way of taking one out of the bin.
    """

    made_at: str
    fixed: frozenset[str] = frozenset()
    page: Callable[[int], str] | None = None
    restoring_problems: Callable[[Interaction], Problems] | None = None


_joined: dict[str, JoinedKind] = {}


def register_joined_kind(kind: InteractionKind, joined: JoinedKind) -> None:
    _joined[kind] = joined


def joined_kind(kind: str | None) -> JoinedKind | None:
    return _joined.get(kind or "")


def joined_problems(before: dict[str, Any] | None, after: dict[str, Any]) -> Problems:
    """What somebody else than the feature may not do: make one, change another into one or one into another, or
    change what is fixed. `before` is None for a new interaction.
    """
    was, becomes = (before or {}).get("kind"), after["kind"]
    if was != becomes:
        if becomes in KEPT_ELSEWHERE:
            return {"kind": [_("“%(kind)s” is made on its own page", kind=InteractionKind(becomes).label)]}
        if was in KEPT_ELSEWHERE:
            return {"kind": [_("“%(kind)s” cannot become another kind", kind=InteractionKind(was).label)]}
    joined = joined_kind(was)
    if joined is None or before is None or was is None:
        return {}
    return {
        name: [_("This is changed on the page of the %(kind)s", kind=str(InteractionKind(was).label).lower())]
        for name in sorted(joined.fixed)
        if before[name] != after[name]
    }
