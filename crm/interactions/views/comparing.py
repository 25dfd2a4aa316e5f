"""A form and the record it would change: the same already, or different, and in which words."""

from collections.abc import Sequence
from typing import Any

from crm.interactions.forms import IdsField, LogForm, generated_title
from crm.interactions.models import Interaction
from crm.interactions.queries.listing import InteractionRow
from crm.interactions.queries.names import names_of
from crm.interactions.queries.participants import with_participants
from crm.organisations.forms.fields import choices
from crm.web.clock import local


def form_values(interaction: Interaction, row: InteractionRow | None = None) -> dict[str, Any]:
    """The interaction as the form's fields hold it; `row` is what belongs to it, where that is known already."""
    row = row or with_participants([interaction])[0]
    return {
        "organisations": sorted(one.id for one in row.organisations),
        "kind": str(interaction.kind),
        "starts_on": interaction.starts_on,
        "starts_at": _minute(interaction.starts_at),
        "ends_at": _minute(interaction.ends_at),
        "contacts": sorted(one.id for one in row.contacts),
        "measures": sorted(one.id for one in row.measures),
        "signals": sorted(row.signals),
        "notes": interaction.notes,
        "place": interaction.place,
        "advisors": sorted(one.id for one in row.advisors),
        "confidential": interaction.confidential,
        "title": interaction.title,
    }


def _minute(instant: Any) -> Any:
    return local(instant).time().replace(second=0, microsecond=0) if instant is not None else None


def compare(form: LogForm, interaction: Interaction) -> None:
    """After a conflict: the form lists where it differs from the interaction, in words. What is saved already of what
    it was to add is not added again by the next save.
    """
    _forget_what_is_saved(form, interaction)
    current = form_values(interaction)
    form.contacts.data, form.other_contacts.data = form.contact_ids, []
    for name in ("organisations", "contacts", "measures", "advisors", "signals"):
        form[name].data = sorted(form[name].data or ())
    _name_chosen(form, current)
    if not form.title.data and interaction.title == _generated(interaction):
        del current["title"]  # both leave it to be written for them
    form.compare(current, interaction.version)


def is_saved_already(form: LogForm, interaction: Interaction) -> bool:
    """Whether the interaction is just what the form says: it was sent twice, or its first answer got lost."""
    current = form_values(interaction)
    made = {contact.name: contact.id for contact in interaction.contacts}
    people = [" ".join((form.name.data or "").split()) for form in form.people]
    promised = {(follow_up.text, follow_up.due_on) for follow_up in interaction.follow_ups}
    typed = {name: form[name].data for name in current} | {
        "contacts": sorted({*form.contact_ids, *(made[name] for name in people if name in made)}),
        "title": form.title.data or _generated(interaction),
        **{
            name: sorted(form[name].data or ())
            for name in ("organisations", "measures", "advisors", "signals")
        },
    }
    return (
        typed == current
        and all(name in made for name in people)
        and all((one.text, one.due_on) in promised for one in form.follow_ups())
    )


def _generated(interaction: Interaction) -> str:
    return generated_title(
        interaction.kind, [organisation.name for organisation in interaction.organisations]
    )


def _forget_what_is_saved(form: LogForm, interaction: Interaction) -> None:
    made = {contact.name: contact.id for contact in interaction.contacts}
    for person in form.people:
        name = " ".join((person.name.data or "").split())
        if name in made:
            form.contacts.data = [*(form.contacts.data or ()), made[name]]
            for field in person:
                field.data, field.raw, field.raw_data = None, None, None
    promised = {(follow_up.text, follow_up.due_on) for follow_up in interaction.follow_ups}
    if any((one.text, one.due_on) in promised for one in form.follow_ups()):
        form.follow_up_text.data = None


def _name_chosen(form: LogForm, current: dict[str, Any]) -> None:
    """Lets conflicts tell records by name."""
    fields: dict[str, IdsField] = {
        "organisations": form.organisations,
        "contacts": form.contacts,
        "users": form.advisors,
        "measures": form.measures,
    }
    attributes = {"users": "advisors"}
    ids: dict[str, Sequence[int]] = {
        kind: [*current[attributes.get(kind, kind)], *field.data] for kind, field in fields.items()
    }
    names = names_of(**ids)
    for kind, field in fields.items():
        field.choices = choices(names[kind].items())
