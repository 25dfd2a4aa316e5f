"""What an interaction looks like in the API."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from crm.api.fields import (
    Changes,
    Day,
    DayOrMoment,
    Flag,
    Id,
    IdAsked,
    ListQuery,
    Moment,
    Number,
    Recorded,
    Schema,
    Text,
    fields_of,
    recorded,
    stamp,
    stamp_day,
    told,
)
from crm.arenas.queries import arenas_by_interaction
from crm.collaborations.models import Stage
from crm.interactions import vocabulary
from crm.interactions.models import CancelledBy, Interaction, InteractionKind, InteractionStatus
from crm.interactions.queries.noted import in_order
from crm.interactions.queries.records import FIELDS, InteractionRecord
from crm.organisations.models import OrganisationKind


class CollaborationPart(Schema):
    year = Number(required=True, metadata=told("The year that it is kept for and counts in", example=2026))
    stage = Text(
        metadata=told(
            "idea unless told; it counts from initiated on, and then needs a date in its year",
            example="ongoing",
            one_of=Stage,
        )
    )
    continues = Id(
        allow_none=True,
        metadata=told("The collaboration of an earlier year that it continues; set when made"),
    )


class OutcomeSchema(Schema):
    result = Text(required=True, metadata=told("How it ended", one_of=vocabulary.Outcome))
    note = Text(allow_none=True, metadata=told("At most 500 characters"))
    on = Day(
        required=True,
        metadata=told("The local day on which it was known, from that of the introduction to today"),
    )


class InteractionSchema(Recorded):
    kind = Text(
        required=True,
        metadata=told("What sort of contact it was", example="company_visit", one_of=InteractionKind),
    )
    status = Text(
        metadata=told("draft unless told; only held ones count", example="held", one_of=InteractionStatus)
    )
    title = Text(
        required=True, metadata=told("At most 200 characters", example="Besøk hos Eksempel Verksted")
    )
    starts_at = DayOrMoment(
        allow_none=True,
        metadata=told(
            "An instant with offset, or YYYY-MM-DD for a whole day. Its local date (Europe/Oslo) is the day that it counts in",
            example="2026-09-03T14:00:00+02:00",
        ),
    )
    ends_at = Moment(allow_none=True, metadata=told("An instant with offset; null for a whole day"))
    all_day = Flag(metadata=told("Follows from `starts_at`; true with a time of day is refused"))
    place = Text(allow_none=True, metadata=told("At most 200 characters", example="Lillestrøm"))
    notes = Text(allow_none=True, metadata=told("Markdown"))
    confidential = Flag(
        metadata=told(
            "Readable by its author, its advisors, managers and administrators only; counts all the same"
        )
    )
    organisations = ma.fields.List(Id(), metadata=told("Whom it was with", example=[17]))
    contacts = ma.fields.List(Id(), metadata=told("The people who were met"))
    advisors = ma.fields.List(Id(), metadata=told("Users who took part; the token's user unless told"))
    measures = ma.fields.List(
        Text(),
        metadata=told(
            "Codes of the plan that covers the date; of today's plan without a date", example=["1.B.1"]
        ),
    )
    collaboration = ma.fields.Nested(
        CollaborationPart,
        allow_none=True,
        metadata=told("What only the kind collaboration has; its `status` follows from the stage")
        | {"examples": [None]},
    )
    arena = Number(
        allow_none=True, metadata=told("The dialogue arena that it is a session of", read_only=True)
    )
    signals = ma.fields.List(
        Text(metadata={"enum": [str(signal) for signal in vocabulary.Signal]}),
        metadata=told("What it gave a hint of", example=["needs_premises"]),
    )
    cancelled_by = Text(
        allow_none=True,
        metadata=told(
            "Whose doing it was that it did not take place; only where the status is cancelled, and gone with it",
            one_of=CancelledBy,
        ),
    )
    outcome = ma.fields.Nested(
        OutcomeSchema,
        allow_none=True,
        metadata=told("What came of an introduction, once it has been held; null while nobody has said"),
    )


class InteractionChangesSchema(Changes, InteractionSchema):
    pass


class InteractionListQuery(ListQuery):
    kind = Text(metadata=told("Only this kind", one_of=InteractionKind))
    status = Text(metadata=told("Only this status", one_of=InteractionStatus))
    organisation = IdAsked(metadata=told("Only with this organisation"))
    organisation_kind = Text(metadata=told("Only with an organisation of this kind", one_of=OrganisationKind))
    contact = IdAsked(metadata=told("Only with this contact"))
    advisor = IdAsked(metadata=told("Only with this advisor"))
    measure = Text(
        metadata=told("Only tagged with the measure of this code, in any plan unless `plan` is given")
    )
    strategy = Text(metadata=told("Only tagged with a measure of this strategy, such as 1.B"))
    focus_area = Text(metadata=told("Only tagged with a measure of this focus area, such as 1"))
    plan = IdAsked(metadata=told("Only tagged with a measure of this plan"))
    tagged = Text(
        metadata=told(
            "yes: with some measure; no: with none (of the plan, if one is given)", one_of=("yes", "no")
        )
    )
    from_ = Text(data_key="from", metadata=told("On this local day or later") | {"format": "date"})
    to = Text(metadata=told("On this local day or earlier") | {"format": "date"})
    signal = Text(metadata=told("Only what gave a hint of this", one_of=vocabulary.Signal))
    outcome = Text(
        metadata=told(
            "Only introductions of which this came; something: any good end; unknown: held, and nobody has said yet",
            one_of=(*vocabulary.Outcome, vocabulary.SOMETHING, vocabulary.UNKNOWN),
        )
    )
    q = Text(metadata=told("Beginnings of words in the title or the place"))
    updated_since = Moment(metadata=told("Only what was changed then or later, in the order of the changes"))


def as_json(interaction: Interaction, collaboration: dict[str, Any] | None = None) -> dict[str, Any]:
    """`collaboration` is what is told of one."""
    record = InteractionRecord(
        fields_of(interaction, FIELDS),
        sorted(organisation.id for organisation in interaction.organisations),
        sorted(met.contact_id for met in interaction.contact_participations),
        sorted(took_part.user_id for took_part in interaction.advisor_participations),
        [measure.code for measure in sorted(interaction.measures, key=lambda one: one.position)],
        in_order(noted.signal for noted in interaction.signals),
    )
    return record_as_json(record, collaboration, arenas_by_interaction([interaction.id]).get(interaction.id))


def record_as_json(
    record: InteractionRecord, collaboration: dict[str, Any] | None, arena: int | None
) -> dict[str, Any]:
    fields = record.fields
    all_day = fields["starts_on"] is not None and fields["starts_at"] is None
    return {
        "id": fields["id"],
        "kind": fields["kind"],
        "status": fields["status"],
        "title": fields["title"],
        "starts_at": stamp_day(fields["starts_on"]) if all_day else stamp(fields["starts_at"]),
        "ends_at": stamp(fields["ends_at"]),
        "all_day": all_day,
        "place": fields["place"],
        "notes": fields["notes"],
        "confidential": fields["confidential"],
        "organisations": record.organisations,
        "contacts": record.contacts,
        "advisors": record.advisors,
        "measures": record.measures,
        "collaboration": collaboration,
        "arena": arena,
        "signals": record.signals,
        "cancelled_by": fields["cancelled_by"],
        "outcome": _outcome(fields),
        **recorded(fields),
    }


def _outcome(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    if fields["outcome"] is None:
        return None
    return {
        "result": fields["outcome"],
        "note": fields["outcome_note"],
        "on": stamp_day(fields["outcome_on"]),
    }
