"""What the form's page shows beside the form's own fields, and the record in the form's terms."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import render_template
from flask_login import current_user

from crm.collaborations.forms import CollaborationForm, title_of
from crm.collaborations.models import Collaboration
from crm.collaborations.views.loading import Opened
from crm.interactions.models import Interaction, InteractionKind
from crm.interactions.queries.listing import InteractionRow
from crm.interactions.queries.log_form import (
    ChosenOrganisation,
    Option,
    chosen_organisations,
    matching_people,
    named_contacts,
    people_to_choose,
)
from crm.interactions.queries.measure_choices import MeasureChoices, measure_choices
from crm.interactions.queries.names import names_of
from crm.interactions.queries.participants import with_participants
from crm.organisations.forms.fields import choices
from crm.organisations.queries import contact_options, organisation_options
from crm.plan.queries import outlines
from crm.web.clock import today

SEVERAL = {
    "organisations": "organisations",
    "contacts": "contacts",
    "measures": "measures",
    "advisors": "users",
}
"""Fields that hold several records, by what `names_of` calls those."""


def form_values(
    collaboration: Collaboration, interaction: Interaction, row: InteractionRow
) -> dict[str, Any]:
    """The collaboration as the form's fields hold it; `row` is what belongs to the interaction."""
    return {
        "organisations": sorted(one.id for one in row.organisations),
        "year": collaboration.year,
        "stage": str(collaboration.stage),
        "starts_on": interaction.starts_on,
        "aim": collaboration.aim,
        "result": collaboration.result,
        "measures": sorted(one.id for one in row.measures),
        "lead": collaboration.lead_id,
        "advisors": sorted(one.id for one in row.advisors),
        "contacts": sorted(one.id for one in row.contacts),
        "notes": interaction.notes,
        "confidential": interaction.confidential,
        "title": interaction.title,
    }


def current_values(form: CollaborationForm, found: Opened) -> dict[str, Any]:
    """After a conflict: what is saved now, in the form's terms, so that the form can tell in words where it differs."""
    row = with_participants([found.interaction])[0]
    current = form_values(found.collaboration, found.interaction, row)
    for name in SEVERAL:
        form[name].data = sorted(form[name].data or ())
    names = names_of(
        **{kind: [*current[field], *form[field].data] for field, kind in SEVERAL.items()},
    )
    for field, kind in SEVERAL.items():
        form[field].choices = choices(names[kind].items())
    form.lead.choices = [(person.id, person.label) for person in people_to_choose(current["lead"])]
    written = title_of([one.name for one in row.organisations], found.collaboration.year)
    if not form.title.data and current["title"] == written:
        del current["title"]  # both leave it to be written for them
    return current


def is_saved_already(form: CollaborationForm, found: Opened) -> bool:
    current = current_values(form, found)
    return all(form[name].data == value for name, value in current.items())


def partner_names(form: CollaborationForm) -> list[str]:
    return [one.label for one in chosen_organisations(form.organisations.data)]


def form_page(
    form: CollaborationForm, found: Opened | None, row: InteractionRow | None = None, *, is_new: bool = False
) -> str:
    """The page with the form: for the collaboration at hand, or for a new one, which continues it if there is one."""
    _look_up(form)
    organisations = chosen_organisations(form.organisations.data)
    form.organisations.chosen = organisations
    form.contacts.chosen = _contacts(form.contacts.data or (), row)
    colleagues = people_to_choose(form.lead.data or 0, *(form.advisors.data or ()))
    by_id = {person.id: person for person in colleagues}
    form.advisors.chosen = [by_id[one] for one in form.advisors.data or () if one in by_id]
    form.lead.choices = choices((person.id, person.label) for person in colleagues)
    return render_template(
        "collaborations/form.html",
        form=form,
        before=found if is_new else None,
        collaboration=None if is_new or found is None else found.collaboration,
        interaction=None if is_new or found is None else found.interaction,
        organisations=organisations,
        measures=_measures(form, organisations),
        written_title=title_of([one.label for one in organisations], form.year.data),
    )


def _measures(form: CollaborationForm, organisations: Sequence[ChosenOrganisation]) -> MeasureChoices:
    """Those of the plan that covers the year. What is chosen of another plan is told, and not sent again."""
    known, plan = outlines(), outlines().covering(form.day)
    chosen = list(form.measures.data or ())
    offered = measure_choices(
        day=form.day,
        today=today(),
        kind=InteractionKind.collaboration,
        organisations=organisations,
        chosen_ids=[one for one in chosen if plan is not None and one in plan.measures],
        viewer=current_user,
    )
    strays = [one for one in chosen if plan is None or one not in plan.measures]
    return replace(offered, strays=[known.measures[one].code for one in strays if one in known.measures])


def _contacts(ids: Sequence[int], row: InteractionRow | None) -> list[Option]:
    known = {one.id: Option(one.id, one.name) for one in (row.contacts if row is not None else ())}
    if all(one in known for one in ids):
        return [known[one] for one in ids]
    return named_contacts(ids)


def _look_up(form: CollaborationForm) -> None:
    """Without JavaScript: what the pressed button asks for."""
    if form.wanted == form.organisations.name:
        form.organisations.results = organisation_options(form.organisations.query)
    elif form.wanted == form.contacts.name:
        form.contacts.results = contact_options(form.contacts.query, form.organisations.data)
    elif form.wanted == form.advisors.name:
        form.advisors.results = matching_people(form.advisors.query, people_to_choose())
