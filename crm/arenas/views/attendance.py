"""The form of one session: who came, agenda, decisions and minutes."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.arenas import operations, queries
from crm.arenas.forms import SessionForm
from crm.arenas.models import ArenaSession
from crm.arenas.queries.page import Member
from crm.arenas.rules import came
from crm.arenas.views.blueprints import blueprint
from crm.interactions.models import Interaction, InteractionKind, InteractionStatus
from crm.interactions.policies import can_edit
from crm.interactions.queries.listing import InteractionRow, Named
from crm.interactions.queries.measure_choices import measure_choices
from crm.interactions.queries.names import names_of
from crm.interactions.queries.participants import with_participants
from crm.organisations.queries import contact_options, organisation_options
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires


class _There:
    """Who was put down for a session, as `rules.came` asks."""

    def __init__(self, row: InteractionRow) -> None:
        self.day = row.listed_on
        self.organisations = {one.id for one in row.organisations}
        self.contacts = {one.id for one in row.contacts}


@blueprint.route("/arenas/<int:identity>/sessions/<int:interaction_id>", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def session(identity: int, interaction_id: int) -> Any:
    found = _session_to_change(identity, interaction_id)
    interaction = found.interaction
    members = queries.members_on(identity, interaction.starts_on or interaction.listed_on)
    row = with_participants([interaction])[0]
    form = SessionForm(data=_values(found, members, row) | {"version": interaction.version})
    form.day = interaction.starts_on or today()
    sought = _look_up(form)
    if not sought and form.validate_on_submit():
        status, version = _status(interaction), form.version.data
        _name_chosen(form, members, row)
        saved = attempted(
            form,
            lambda: _save(found, form, version, status),
            values_of=lambda record: _values(found, members, with_participants([record])[0]),
        )
        if saved is not None:
            flash(_("The session has been saved."), "success")
            return redirect(url_for("interactions.show", identity=interaction_id))
    return _form_page(form, found, members, row, sought=sought)


def _session_to_change(identity: int, interaction_id: int) -> ArenaSession:
    """One that is cancelled or in the bin is only read."""
    found = queries.found_session(identity, interaction_id, current_user)
    interaction = found.interaction
    if not can_edit(current_user, interaction):
        abort(403)
    if interaction.is_binned or interaction.status == InteractionStatus.cancelled:
        flash(_("A session that is cancelled or in the bin is not changed here."), "warning")
        abort(redirect(url_for("interactions.show", identity=interaction_id)))
    return found


def _status(interaction: Interaction) -> str:
    """What the pressed button asks for; else it stays what it is."""
    return InteractionStatus.held if request.form.get("status") == "held" else str(interaction.status)


def _save(found: ArenaSession, form: SessionForm, version: int | None, status: str) -> ArenaSession:
    return operations.save_session(
        found,
        actor=current_user,
        version=version,
        status=status,
        member_ids=form.came.data or (),
        organisation_ids=form.other_organisations.data,
        contact_ids=form.other_contacts.data,
        measure_ids=form.measures.data,
        agenda=form.agenda.data,
        decisions=form.decisions.data,
        notes=form.notes.data,
    )


def _values(found: ArenaSession, members: list[Member], row: InteractionRow) -> dict[str, Any]:
    """The session by the form's fields. Whoever is there and no member that came is somebody else."""
    there = _There(row)
    ticked = [one for one in members if came(there, one.organisation_id, one.contact_id)]
    organisations = {one.organisation_id for one in ticked}
    contacts = {one.contact_id for one in ticked}
    return {
        "came": [one.id for one in ticked],
        "other_contacts": sorted(one.id for one in row.contacts if one.id not in contacts),
        "other_organisations": sorted(one.id for one in row.organisations if one.id not in organisations),
        "agenda": found.agenda,
        "decisions": found.decisions,
        "notes": found.interaction.notes,
        "measures": sorted(one.id for one in row.measures),
    }


def _look_up(form: SessionForm) -> bool:
    """Without JavaScript: the hits that the pressed button asks for. Whether one was pressed."""
    sought = request.form.get("find", "")
    if sought == form.other_contacts.name:
        form.other_contacts.results = contact_options(form.other_contacts.query)
    elif sought == form.other_organisations.name:
        form.other_organisations.results = organisation_options(form.other_organisations.query)
    return bool(sought)


def _name_chosen(form: SessionForm, members: list[Member], row: InteractionRow) -> None:
    """The form knows the names of all that is chosen in it."""
    contacts, organisations = list(row.contacts), list(row.organisations)
    new_contacts = set(form.other_contacts.data) - {one.id for one in contacts}
    new_organisations = set(form.other_organisations.data) - {one.id for one in organisations}
    if new_contacts or new_organisations:
        names = names_of(contacts=new_contacts, organisations=new_organisations)
        contacts += [Named(*one) for one in names["contacts"].items()]
        organisations += [Named(*one) for one in names["organisations"].items()]
    form.offer(members, contacts, organisations)
    for field, known in ((form.other_contacts, contacts), (form.other_organisations, organisations)):
        field.chosen = [{"id": one.id, "label": one.name} for one in known if one.id in field.data]


def _form_page(
    form: SessionForm, found: ArenaSession, members: list[Member], row: InteractionRow, *, sought: bool
) -> tuple[str, int]:
    _name_chosen(form, members, row)
    interaction = found.interaction
    measures = measure_choices(
        day=form.day,
        today=today(),
        kind=InteractionKind.arena_session,
        organisations=(),
        chosen_ids=form.measures.data or (),
        viewer=current_user,
    )
    page = render_template(
        "arenas/session.html",
        form=form,
        arena=found.arena,
        interaction=interaction,
        members=members,
        measures=measures,
        may_be_held=interaction.status != InteractionStatus.held and form.day <= today(),
    )
    return page, 422 if form.is_submitted() and not sought else 200
