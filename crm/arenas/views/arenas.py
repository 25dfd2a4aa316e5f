"""Arenas: the list, one of them, and what is changed of it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.accounts.queries import units
from crm.arenas import operations, queries
from crm.arenas.forms import ArenaForm, arena_values
from crm.arenas.models import Arena
from crm.arenas.rules import measures_on
from crm.arenas.views.blueprints import blueprint
from crm.arenas.views.loading import arena_to_change, found_arena
from crm.arenas.wording import rhythm_in_words
from crm.audit.queries import history_of
from crm.extensions import db
from crm.interactions.models import InteractionKind
from crm.interactions.queries.measure_choices import measure_choices
from crm.organisations.queries import chosen_organisation, organisation_options
from crm.plan.queries import outlines
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires


@blueprint.get("/arenas/")
@requires(Permission.READ)
def index() -> str:
    wanted = queries.ArenaFilter.parse(request.args)
    page = queries.list_arenas(wanted, current_user, today=today(), cursor=request.args.get("cursor"))
    return render_template("arenas/index.html", page=page, filter=wanted, rhythm=rhythm_in_words)


@blueprint.get("/arenas/<int:identity>")
@requires(Permission.READ)
def show(identity: int) -> str:
    found = queries.arena_page(identity, current_user, today=today())
    if found.arena.is_binned and not current_user.may(Permission.BIN):
        abort(404)
    return render_template(
        "arenas/show.html",
        shown=found,
        arena=found.arena,
        rhythm=rhythm_in_words(found.arena),
        measures=_named_measures(found.arena.measure_ids),
        today=today(),
    )


def _named_measures(ids: list[int]) -> list[Any]:
    """The measures as today's plan has them; those of another plan where none continues them."""
    plans = outlines()
    current = measures_on(today(), ids, plans)
    return [plans.measures[one] for one in current or ids if one in plans.measures]


@blueprint.route("/arenas/new", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def new() -> Any:
    form = ArenaForm(units=units(), data={"starts_on": today()})
    if _is_to_be_saved(form):
        made = attempted(form, lambda: operations.create_arena(actor=current_user, **form.values()))
        if made is not None:
            flash(_("%(name)s has been added.", name=made.name), "success")
            return redirect(url_for("arenas.show", identity=made.id))
    return _form_page(form, None)


@blueprint.route("/arenas/<int:identity>/edit", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def edit(identity: int) -> Any:
    arena = arena_to_change(identity)
    form = ArenaForm(units=units(), data=_present(arena) | {"version": arena.version})
    if _is_to_be_saved(form):
        version, values = form.version.data, form.values()
        saved = attempted(
            form,
            lambda: operations.update_arena(arena, actor=current_user, version=version, **values),
            values_of=_present,
        )
        if saved is not None:
            flash(_("The changes have been saved."), "success")
            return redirect(url_for("arenas.show", identity=identity))
    return _form_page(form, arena)


def _present(arena: Arena) -> dict[str, Any]:
    """The arena by the form's fields; its measures as today's plan has them."""
    ids = [measure.id for measure in arena.measures]
    return arena_values(arena) | {"measures": measures_on(today(), ids, outlines())}


def _is_to_be_saved(form: ArenaForm) -> bool:
    """Without JavaScript the form is also sent to find its host."""
    if form.host_id.is_sought:
        form.host_id.results = organisation_options(form.host_id.query)
        return False
    return bool(form.validate_on_submit())


def _form_page(form: ArenaForm, arena: Arena | None) -> tuple[str, int]:
    form.host_id.chosen = chosen_organisation(form.host_id.data)
    measures = measure_choices(
        day=today(),
        today=today(),
        kind=InteractionKind.arena_session,
        organisations=(),
        chosen_ids=form.measures.data or (),
        viewer=current_user,
    )
    page = render_template("arenas/form.html", form=form, arena=arena, measures=measures)
    return page, 422 if form.is_submitted() and not form.host_id.is_sought else 200


@blueprint.post("/arenas/<int:identity>/bin", endpoint="bin")
@requires(Permission.BIN)
def move_to_bin(identity: int) -> Any:
    arena = found_arena(identity)
    operations.bin_arena(arena, actor=current_user)
    db.session.commit()
    flash(_("%(name)s has been moved to the bin.", name=arena.name), "success")
    return redirect(url_for("arenas.show", identity=identity))


@blueprint.post("/arenas/<int:identity>/restore")
@requires(Permission.BIN)
def restore(identity: int) -> Any:
    arena = found_arena(identity)
    operations.restore_arena(arena, actor=current_user)
    db.session.commit()
    flash(_("%(name)s has been restored.", name=arena.name), "success")
    return redirect(url_for("arenas.show", identity=identity))


@blueprint.get("/arenas/<int:identity>/history")
@requires(Permission.READ_AUDIT)
def history(identity: int) -> str:
    arena = found_arena(identity)
    return render_template(
        "audit/history.html",
        trail=[(_("Dialogue arenas"), "/arenas/"), (arena.name, f"/arenas/{identity}")],
        entries=history_of(arena, current_user),
    )
