"""Reads of who is responsible, and the facts that routing decides by."""

from crm.responsibilities.queries.ours import ours
from crm.responsibilities.queries.right_contacts import right_contacts
from crm.responsibilities.queries.understanding import Understood, understood

__all__ = ["Understood", "ours", "right_contacts", "understood"]
