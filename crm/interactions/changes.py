"""What is told to features above when an interaction has changed."""

from blinker import Signal

interaction_changed = Signal()
"""Sent with the interaction, flushed but not yet committed."""
