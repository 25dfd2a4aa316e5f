"""/enquiries: the same operations and rules as the pages."""

from typing import Any

from flask import Response
from flask.views import MethodView
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.api.fields import (
    LARGEST_ID,
    Changes,
    Day,
    Id,
    IdAsked,
    ListQuery,
    Moment,
    Number,
    Recorded,
    Text,
    fields_of,
    list_schema,
    recorded,
    stamp,
    stamp_day,
    told,
)
from crm.api.resources import (
    ROWS,
    Answer,
    Blueprint,
    changed,
    check_settable,
    errors_named,
    found_or_404,
    told_list,
    told_one,
    version_read,
    writes,
)
from crm.enquiries import operations
from crm.enquiries.models import Channel, Enquiry, EnquiryStatus
from crm.enquiries.queries import EnquiryFilter, EnquiryQuery
from crm.enquiries.queries.listing import STATES, WHOSE
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.validation import Invalid

blueprint = Blueprint("enquiries", "Enquiries: what people ask, who answers, and the answer.")

IDS = ("topic", "site", "organisation", "contact")
SAID = ("caller_name", "caller_organisation", "caller_phone", "caller_email")
NAMES = {f"{name}_id": name for name in (*IDS, "assignee", "unit")}
"""The API's names of what operations call otherwise."""
FIXED = frozenset({"answered_at", "working_minutes", "closed_at", "interaction"})


class EnquirySchema(Recorded):
    subject = Text(required=True, metadata=told("At most 200 characters", example="Leter etter lokaler"))
    text = Text(allow_none=True, metadata=told("The whole story; Markdown"))
    channel = Text(metadata=told("How it came in; `phone` unless told otherwise", one_of=Channel))
    status = Text(
        metadata=told(
            "`waiting` is for the caller. In a PATCH a step is taken by it: `answered` with `answer`, `waiting`, `closed`; "
            "`assigned` takes up again what waits, or reopens what is over",
            one_of=EnquiryStatus,
        )
    )
    topic = Id(allow_none=True, metadata=told("The topic's id; its working days set the deadline"))
    site = Id(allow_none=True, metadata=told("The site that is asked about"))
    organisation = Id(allow_none=True, metadata=told("Who asks, where known", example=17))
    contact = Id(allow_none=True, metadata=told("The person who asks, where known"))
    caller_name = Text(allow_none=True, metadata=told("What an unknown caller said their name is"))
    caller_organisation = Text(allow_none=True, metadata=told("Whom they said they ask for"))
    caller_phone = Text(allow_none=True, metadata=told("A telephone number; told as E.164"))
    caller_email = Text(allow_none=True, metadata=told("An e-mail address"))
    assignee = Id(
        allow_none=True, metadata=told("The user who is to answer; null while it stands in the queue")
    )
    unit = Id(allow_none=True, metadata=told("The unit in whose queue it stands"))
    received_at = Moment(metadata=told("When it came in; now unless told otherwise. Cannot be changed"))
    due_on = Day(metadata=told("The last day for an answer", example="2026-09-08"))
    answer = Text(allow_none=True, metadata=told("What was answered; Markdown"))
    answered_at = Text(
        allow_none=True,
        metadata=told("An instant; null while it is open", read_only=True) | {"format": "date-time"},
    )
    working_minutes = Number(
        allow_none=True,
        metadata=told("How long the answer took in working time, waiting for them aside", read_only=True),
    )
    closed_at = Text(allow_none=True, metadata=told("An instant", read_only=True) | {"format": "date-time"})
    interaction = Number(allow_none=True, metadata=told("The interaction that it became", read_only=True))


class EnquiryChangesSchema(Changes, EnquirySchema):
    words = Text(
        load_only=True,
        metadata=told(
            "A word to go with the hand-over or the step; needed to wait, to reopen, and to close unanswered"
        ),
    )


class EnquiryListQuery(ListQuery):
    q = Text(metadata=told("Words in what was asked, or of the caller's name"))
    whose = Text(metadata=told("Seen from the token's user; `all` unless told otherwise", one_of=WHOSE))
    status = Text(metadata=told("`open` unless told otherwise", one_of=STATES))
    channel = Text(metadata=told("How it came in", one_of=Channel))
    topic = IdAsked(metadata=told("About the topic"))
    organisation = IdAsked(metadata=told("Asked by the organisation"))
    contact = IdAsked(metadata=told("Asked by the contact"))
    assignee = IdAsked(metadata=told("To be answered by the user"))
    unit = IdAsked(metadata=told("In the unit's queue"))
    overdue = Text(metadata=told("`yes` for those that are late", one_of=["yes"]))
    updated_since = Moment(metadata=told("Only what was changed then or later, in the order of the changes"))


def as_json(enquiry: Enquiry) -> dict[str, Any]:
    return {
        "id": enquiry.id,
        **fields_of(enquiry, ("subject", "text", "channel", "status")),
        **{name: getattr(enquiry, f"{name}_id") for name in IDS},
        **fields_of(enquiry, SAID),
        "assignee": enquiry.assignee_id,
        "unit": enquiry.unit_id,
        "received_at": stamp(enquiry.received_at),
        "due_on": stamp_day(enquiry.due_on),
        "answer": enquiry.answer,
        "answered_at": stamp(enquiry.answered_at),
        "working_minutes": enquiry.working_minutes,
        "closed_at": stamp(enquiry.closed_at),
        "interaction": enquiry.interaction_id,
        **recorded(fields_of(enquiry, ("version", "created_at", "updated_at"))),
    }


@blueprint.route("/enquiries")
class Enquiries(MethodView):
    @requires(Permission.READ)
    @blueprint.arguments(EnquiryListQuery, location="query")
    @blueprint.response(200, list_schema("EnquiryList", EnquirySchema))
    def get(self, asked: dict[str, Any]) -> Response:
        """List enquiries.

        Open ones as they are due; others the latest first, unless `updated_since` is given. Those in the bin are left out.
        """
        size, cursor, since = (
            asked.pop("limit", ROWS),
            asked.pop("cursor", None),
            asked.pop("updated_since", None),
        )
        wanted = EnquiryFilter.parse({name: str(value) for name, value in asked.items()})
        query = EnquiryQuery(wanted, current_user, today=today())
        return told_list(query.records(cursor=cursor, size=size, since=since), as_json)

    @requires(Permission.HANDLE_ENQUIRIES)
    @blueprint.arguments(EnquirySchema)
    @blueprint.response(201, EnquirySchema)
    @writes
    def post(self, body: dict[str, Any]) -> Answer:
        """Take in an enquiry.

        Without an assignee it stands in the queue. Whoever gets it is told by e-mail.
        """
        check_settable(body)
        _check_not_fixed({*body} - {"received_at"})
        body.pop("status", None)  # follows from whether somebody has it
        with errors_named(NAMES):
            enquiry = operations.register(
                actor=current_user,
                subject=body.pop("subject", None),
                **{name: value for name, value in body.items() if name != "answer"},
            )
            if body.get("answer"):
                operations.answer(enquiry, actor=current_user, version=None, answer=body["answer"])
        return as_json(enquiry), 201


@blueprint.route(f"/enquiries/<int(max={LARGEST_ID}):enquiry_id>")
class OneEnquiry(MethodView):
    @requires(Permission.READ)
    @blueprint.response(200, EnquirySchema)
    def get(self, enquiry_id: int) -> Response:
        """Read an enquiry."""
        enquiry = found_or_404(Enquiry, enquiry_id)
        return told_one(as_json(enquiry), version=enquiry.version)

    @requires(Permission.HANDLE_ENQUIRIES)
    @blueprint.arguments(EnquiryChangesSchema)
    @blueprint.response(200, EnquirySchema)
    @writes
    def patch(self, body: dict[str, Any], enquiry_id: int) -> Answer:
        """Change an enquiry, hand it over, or take a step towards the answer.

        Fields left out stay as they are. A record may be sent back whole: what is the same changes nothing.
        """
        enquiry = found_or_404(Enquiry, enquiry_id)
        version = version_read(enquiry)
        words = body.pop("words", None)
        changes = changed(body, as_json(enquiry))
        _check_not_fixed({*changes})
        with errors_named(NAMES):
            _own_fields(enquiry, changes, version)
            _hand_over(enquiry, changes, words)
            _step(enquiry, changes, words)
        return as_json(enquiry), 200

    @requires(Permission.BIN)
    @blueprint.response(204)
    @writes
    def delete(self, enquiry_id: int) -> Answer:
        """Put an enquiry in the bin."""
        enquiry = found_or_404(Enquiry, enquiry_id)
        operations.bin_enquiry(enquiry, actor=current_user, version=version_read(enquiry))
        return None, 204


def _check_not_fixed(names: set[str]) -> None:
    """Raises Invalid for fields that follow from what was done."""
    if fixed := names & (FIXED | {"received_at"}):
        raise Invalid(
            {name: [_("This is set by the system and cannot be changed")] for name in sorted(fixed)}
        )


def _own_fields(enquiry: Enquiry, changes: dict[str, Any], version: int | None) -> None:
    values = {
        f"{name}_id" if name in IDS else name: changes[name]
        for name in ("subject", "text", "channel", "due_on", *IDS, *SAID)
        if name in changes
    }
    if "answer" in changes and enquiry.answered_at is not None:
        values["answer"] = changes.pop("answer")
    operations.edit(enquiry, actor=current_user, version=version, **values)


def _hand_over(enquiry: Enquiry, changes: dict[str, Any], words: str | None) -> None:
    if {"assignee", "unit"} & changes.keys():
        operations.hand_over(
            enquiry,
            actor=current_user,
            version=None,
            assignee_id=changes.get("assignee", enquiry.assignee_id),
            unit_id=changes.get("unit", enquiry.unit_id),
            words=words,
        )


def _step(enquiry: Enquiry, changes: dict[str, Any], words: str | None) -> None:
    """What the status that is asked for takes, from where the enquiry stands."""
    status = changes.get("status", EnquiryStatus.answered if changes.get("answer") else enquiry.status)
    if status not in set(EnquiryStatus):
        raise Invalid({"status": [_("Choose one from the list")]})
    if status == enquiry.status:
        return
    given: dict[str, Any] = {"actor": current_user, "version": None}
    if status == EnquiryStatus.answered:
        operations.answer(enquiry, answer=changes.get("answer"), **given)
    elif status == EnquiryStatus.waiting:
        operations.wait_for_them(enquiry, words=words, **given)
    elif status == EnquiryStatus.closed:
        operations.close(enquiry, words=words, **given)
    elif enquiry.status == EnquiryStatus.waiting:
        operations.resume(enquiry, words=words, **given)
    elif EnquiryStatus(enquiry.status).is_open:
        raise Invalid({"status": [_("Say by `assignee` who is to answer")]})
    else:
        operations.reopen(enquiry, words=words, **given)
