"""Reads of who is responsible, and the facts that routing decides by."""

from crm.responsibilities.queries.keeping import ours
from crm.responsibilities.queries.listing import (
    ResponsibilityFilter,
    gaps_on,
    list_responsibilities,
)
from crm.responsibilities.queries.right_contacts import right_contacts
from crm.responsibilities.queries.understanding import Understood, understood

__all__ = [
    "ResponsibilityFilter",
    "Understood",
    "gaps_on",
    "list_responsibilities",
    "ours",
    "right_contacts",
    "understood",
]
