"""The list of interactions, as its address narrows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.interactions.models import InteractionKind, InteractionStatus
from crm.interactions.queries import InteractionFilter, InteractionQuery, ListedInteraction
from crm.interactions.queries.log_form import people_to_choose
from crm.interactions.queries.names import Names, measures_of_plan, names_of
from crm.interactions.queries.rows import in_short
from crm.interactions.views.blueprints import interaction_blueprint as blueprint
from crm.interactions.vocabulary import SOMETHING, UNKNOWN, Outcome, Signal
from crm.organisations.models import OrganisationKind
from crm.organisations.presentation import labels_of
from crm.web.clock import today
from crm.web.formatting import clock, day
from crm.web.guards import requires
from crm.web.locale import language
from crm.web.validation import Invalid

IN_FORM = {
    "q",
    "kind",
    "status",
    "organisation_kind",
    "advisor",
    "measure",
    "from",
    "to",
    "signal",
    "outcome",
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A filter that has no field of its own: what it says, how to keep it and how to be rid of it."""

    name: str
    value: str
    label: str
    without: str


class ShownRow(NamedTuple):
    """A row as text: fifty of them are drawn at a time, and text is quicker made here than in the template."""

    id: int
    title: str
    day: str
    kind: str
    organisations: str
    measures: str
    advisors: str
    status: str
    color: str
    confidential: bool


COLORS = {
    InteractionStatus.draft: "warning",
    InteractionStatus.planned: "info",
    InteractionStatus.held: "success",
    InteractionStatus.cancelled: "neutral",
}


def _shown(
    rows: Sequence[ListedInteraction], kinds: Mapping[str, str], statuses: Mapping[str, str]
) -> list[ShownRow]:
    undated, spoken, outcomes = _("No date yet"), language(), labels_of(Outcome)
    return [
        ShownRow(
            row.id,
            row.title,
            f"{day(row.starts_on, spoken) or undated} {clock(row.starts_at)}".rstrip(),
            f"{kinds[row.kind]}: {outcomes[row.outcome]}" if row.outcome else kinds[row.kind],
            in_short(row.organisations),
            ", ".join(row.measures),
            in_short(row.advisors),
            "" if row.status == InteractionStatus.held else statuses[row.status],
            COLORS[InteractionStatus(row.status)],
            row.confidential,
        )
        for row in rows
    ]


@blueprint.get("/interactions/")
@requires(Permission.READ)
def index() -> Any:
    errors: dict[str, list[Any]] = {}
    try:
        wanted = InteractionFilter.parse(request.args)
    except Invalid as invalid:
        errors, wanted = invalid.errors, InteractionFilter()
    query = InteractionQuery(wanted, current_user)
    total, hidden = query.shown_counts()
    page = query.page(request.args.get("cursor"), total=total)
    args, spoken = wanted.args(), language()
    kinds = {kind.value: str(kind.label) for kind in InteractionKind}
    statuses = {status.value: str(status.label) for status in InteractionStatus}
    names = names_of(
        organisations=[wanted.organisation] if wanted.organisation else (),
        contacts=[wanted.contact] if wanted.contact else (),
        plans=[wanted.plan] if wanted.plan else (),
    )
    html = render_template(
        "interactions/index.html",
        page=page,
        rows=_shown(page.rows, kinds, statuses),
        hidden=hidden,
        filter=wanted,
        args=args,
        errors=errors,
        active=len([name for name in args if name != "q"]),
        narrowings=_narrowings(wanted, args, names),
        kinds=kinds.items(),
        statuses=statuses.items(),
        organisation_kinds=[(kind.value, str(kind.label)) for kind in OrganisationKind],
        advisors=[(str(person.id), person.label) for person in people_to_choose(wanted.advisor or 0)],
        measures=[
            (one.code, f"{one.code} {one.label(spoken)}") for one in measures_of_plan(wanted.plan, today())
        ],
        signals=labels_of(Signal).items(),
        outcomes=[*outcome_choices(), *labels_of(Outcome).items()],
        typed=request.args,
    )
    return html, 400 if errors else 200


def outcome_choices() -> list[tuple[str, str]]:
    """What introductions are asked for by, besides each outcome."""
    return [(UNKNOWN, str(_("Not known yet"))), (SOMETHING, str(_("Led to something")))]


def _narrowings(wanted: InteractionFilter, args: dict[str, str], names: Names) -> list[Narrowing]:
    told = {
        "organisation": _(
            "Organisation: %(name)s", name=names["organisations"].get(wanted.organisation or 0, "?")
        ),
        "contact": _("Contact: %(name)s", name=names["contacts"].get(wanted.contact or 0, "?")),
        "plan": _("Plan: %(name)s", name=names["plans"].get(wanted.plan or 0, "?")),
        "strategy": _("Strategy: %(code)s", code=wanted.strategy),
        "focus_area": _("Focus area: %(code)s", code=wanted.focus_area),
        "tagged": _("Tagged with a measure") if wanted.tagged else _("Not tagged with any measure"),
        "updated_since": _("Changed since %(moment)s", moment=args.get("updated_since", "")),
    }
    return [
        Narrowing(
            name,
            value,
            str(told[name]),
            f"{request.path}?{urlencode({key: one for key, one in args.items() if key != name})}",
        )
        for name, value in args.items()
        if name not in IN_FORM
    ]
