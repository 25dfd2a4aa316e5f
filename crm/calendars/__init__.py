"""Calendars: what Outlook, Google and Apple read of the product."""
