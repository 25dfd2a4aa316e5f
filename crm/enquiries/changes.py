"""What is told when an enquiry has gone to somebody."""

from blinker import Signal

enquiry_handed_over = Signal()
"""Sent with the step, flushed but not yet committed."""
