import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField

from crm.database import now
from crm.enquiries.models import Channel, Enquiry
from crm.enquiries.wording import topic_name
from crm.organisations.forms.fields import PickField, VersionField, choices
from crm.responsibilities.models import Topic
from crm.web.forms import DateField, EmailField, Form, PhoneField, TextArea, TextField

NO_TOPIC = "none"
LONG_AGO = timedelta(days=366)
"""Nothing is taken in that came before."""


class _AboutForm(Form):
    """Who calls, and what about."""

    organisation_id = PickField(_l("Organisation"), name="organisation")
    contact_id = PickField(_l("Person"), name="contact")
    caller_name = TextField(_l("Name"))
    caller_organisation = TextField(_l("Calls for"))
    caller_phone = PhoneField(_l("Telephone"))
    caller_email = EmailField(_l("E-mail"))
    subject = TextField(_l("What is it about?"))
    topic_id = SelectField(_l("Topic"), name="topic", validate_choice=False)
    text = TextArea(_l("More about it"))
    channel = SelectField(
        _l("Channel"),
        choices=choices((one.value, one.label) for one in Channel),
        default=Channel.phone,
        validate_choice=False,
    )
    due_on = DateField(_l("Due"))

    def __init__(self, *args: Any, topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic_id.choices = choices(
            [
                ("", self.without_topic),
                *((str(one.id), topic_name(one)) for one in topics),
                *self.besides_topics,
            ]
        )

    without_topic: Any = _l("As understood from the words")
    besides_topics: Sequence[tuple[str, Any]] = ((NO_TOPIC, _l("None of these")),)

    @property
    def is_sought(self) -> bool:
        return bool(self.organisation_id.is_sought or self.contact_id.is_sought)

    @property
    def topic(self) -> int | None:
        chosen = self.topic_id.data or ""
        return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None

    @property
    def says_who(self) -> bool:
        """Whether anything was written about a caller who is not known."""
        fields = (self.caller_name, self.caller_organisation, self.caller_phone, self.caller_email)
        return any(field.data or field.errors or getattr(field, "raw", None) for field in fields)

    def refuse(self, field: str, *messages: Any) -> None:
        """The operations' fields by the form's."""
        super().refuse({"assignee_id": "to", "unit_id": "to"}.get(field, field), *messages)


class EnquiryForm(_AboutForm):
    """A new enquiry: three fields in view."""

    submission_key = HiddenField()
    message_key = HiddenField()
    received_at = HiddenField()
    to = StringField(_l("Who is to answer?"))
    proposed = HiddenField()
    site_id = HiddenField(name="site")
    constraint_errors = {  # noqa: RUF012  read only
        "submission_key": ("subject", _l("This has been saved already. You find it in the list")),
        "message_key": (
            "subject",
            _l("This e-mail has been taken in already. Add what you wrote to the enquiry that it became"),
        ),
    }

    @property
    def site(self) -> int | None:
        given = self.site_id.data or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None

    @property
    def message(self) -> str | None:
        """What the e-mail is known by that it was filled in from."""
        given = self.message_key.data or ""
        return given if re.fullmatch(r"[0-9a-f]{64}", given) else None

    @property
    def received(self) -> datetime | None:
        """When the e-mail came, in UTC; None for what comes now, or where it makes no sense."""
        try:
            found = datetime.fromisoformat((self.received_at.data or "")[:40])
        except ValueError:
            return None
        at = now()
        return found if found.tzinfo and at - LONG_AGO <= found <= at else None

    @property
    def follows_proposal(self) -> bool:
        """Whether it goes to whom was proposed, or to whom is proposed now."""
        return self.to.data is None or (self.to.data or "") == (self.proposed.data or "")

    @property
    def adds_to(self) -> int | None:
        """The id of an earlier enquiry that what is written is to be added to, where that button was pressed."""
        return request.form.get("add_to", type=int)

    @property
    def as_note(self) -> str:
        """What is written, as a note on an earlier enquiry."""
        reach = [self.caller_name.data, self.caller_phone.data, self.caller_email.data]
        lines = [self.subject.data, self.text.data, ", ".join(filter(None, reach))]
        return "\n".join(filter(None, lines)) or _("They have asked again")


class EditForm(_AboutForm):
    """What was taken in, to be mended; what was answered, too."""

    without_topic = _l("None")
    besides_topics = ()
    answer = TextArea(_l("Answer"))
    version = VersionField()


class StepForm(Form):
    """The word that goes with a step, and to whom it goes."""

    words = TextArea(_l("A word to go with it"))
    answer = TextArea(_l("What was answered"))
    to = StringField(_l("Who is to answer?"))
    version = VersionField()

    def refuse(self, field: str, *messages: Any) -> None:
        super().refuse({"assignee_id": "to", "unit_id": "to"}.get(field, field), *messages)


def recipient(value: str | None) -> tuple[int | None, int | None]:
    """The ids of the user or the unit that a list of recipients names: `user-7`, `unit-2`; neither for the queue. What names
    nobody is taken for a user whom nobody is, -1, and is refused by the operation.
    """
    if not value:
        return None, None
    kind, _dash, identity = value.partition("-")
    if kind in {"user", "unit"} and identity.isascii() and identity.isdigit() and len(identity) < 10:
        return (int(identity), None) if kind == "user" else (None, int(identity))
    return -1, None


def edit_values(enquiry: Enquiry) -> dict[str, Any]:
    """An enquiry by the fields of EditForm."""
    names = ("subject", "text", "channel", "organisation_id", "contact_id", "caller_name", "answer", "due_on")
    said = ("caller_organisation", "caller_phone", "caller_email")
    values = {name: getattr(enquiry, name) for name in (*names, *said)}
    return values | {"topic_id": str(enquiry.topic_id or "")}
