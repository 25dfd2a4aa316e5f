"""What any test writes into the audit log must have words."""

from typing import Any

from crm.audit import descriptions
from crm.audit.models import AuditEvent


def check_it_has_words(_mapper: Any, _connection: Any, event: AuditEvent) -> None:
    """Listens for events that are written through the session."""
    description = descriptions.described(event.subject_type)
    assert description, f"nothing says how a {event.subject_type} reads"
    assert event.action in descriptions._actions, f"no words for what was done: {event.action}"
    missing = event.changes.keys() - description.fields.keys()
    assert not missing, f"nothing says how {missing} of a {event.subject_type} read"
