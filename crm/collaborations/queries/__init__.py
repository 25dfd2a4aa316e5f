"""Reads. `CollaborationFilter` and `CollaborationQuery` yield the list and its numbers."""

from crm.collaborations.queries.chain import Chain, ChainedYear, chain_of
from crm.collaborations.queries.continuing import continued_values
from crm.collaborations.queries.listing import CollaborationFilter, CollaborationQuery, CollaborationRow
from crm.collaborations.queries.single import (
    collaboration_to_change,
    collaborations_told,
    possible_activities,
)

__all__ = [
    "Chain",
    "ChainedYear",
    "CollaborationFilter",
    "CollaborationQuery",
    "CollaborationRow",
    "chain_of",
    "collaboration_to_change",
    "collaborations_told",
    "continued_values",
    "possible_activities",
]
