"""Reads. `InteractionFilter` and `InteractionQuery` yield every list, count, export and API answer."""

from crm.interactions.queries.filter import InteractionFilter
from crm.interactions.queries.listing import KEYS, InteractionQuery, InteractionRow, Named
from crm.interactions.queries.rows import ListedInteraction
from crm.interactions.queries.secrecy import readable
from crm.interactions.queries.single import (
    everything,
    found_interaction,
    interaction_by_id,
    interaction_to_fill_in,
    record_for,
    submitted,
)

__all__ = [
    "KEYS",
    "InteractionFilter",
    "InteractionQuery",
    "InteractionRow",
    "ListedInteraction",
    "Named",
    "everything",
    "found_interaction",
    "interaction_by_id",
    "interaction_to_fill_in",
    "readable",
    "record_for",
    "submitted",
]
