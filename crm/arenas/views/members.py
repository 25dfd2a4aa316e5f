"""Who belongs to an arena."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import Permission
from crm.arenas import operations, queries
from crm.arenas.forms import EndMemberForm, MemberForm
from crm.arenas.models import ArenaMember
from crm.arenas.views.blueprints import blueprint
from crm.arenas.views.loading import arena_to_change
from crm.extensions import db
from crm.organisations.queries import (
    chosen_contact,
    chosen_organisation,
    contact_options,
    organisation_options,
)
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import requires


@blueprint.route("/arenas/<int:identity>/members/new", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def add_member(identity: int) -> Any:
    arena = arena_to_change(identity)
    form = MemberForm(data={"started_on": today()})
    sought = _look_up(form)
    if not sought and form.validate_on_submit():
        made = attempted(
            form,
            lambda: operations.add_member(
                arena,
                actor=current_user,
                organisation_id=form.organisation_id.data,
                contact_id=form.contact_id.data,
                started_on=form.started_on.data,
            ),
        )
        if made is not None:
            flash(_("The member has been added."), "success")
            return redirect(url_for("arenas.show", identity=identity, _anchor="members"))
    form.organisation_id.chosen = chosen_organisation(form.organisation_id.data)
    form.contact_id.chosen = chosen_contact(form.contact_id.data)
    page = render_template("arenas/member.html", form=form, arena=arena)
    return page, 422 if form.is_submitted() and not sought else 200


def _look_up(form: MemberForm) -> bool:
    """Without JavaScript: the hits that the pressed button asks for. Whether one was pressed."""
    if form.organisation_id.is_sought:
        form.organisation_id.results = organisation_options(form.organisation_id.query)
    elif form.contact_id.is_sought:
        at = [form.organisation_id.data] if form.organisation_id.data is not None else []
        form.contact_id.results = contact_options(form.contact_id.query, at)
    else:
        return False
    return True


@blueprint.route("/arenas/<int:identity>/members/<int:member_id>/end", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def end_member(identity: int, member_id: int) -> Any:
    arena = arena_to_change(identity)
    member = queries.found_member(arena, member_id)
    form = EndMemberForm(data={"ended_on": member.ended_on or today()})
    if form.validate_on_submit():
        day = form.ended_on.data
        ended = attempted(form, lambda: operations.end_member(member, actor=current_user, ended_on=day))
        if ended is not None:
            flash(_("The membership has ended. The history is kept."), "success")
            return redirect(url_for("arenas.show", identity=identity, _anchor="members"))
    page = render_template(
        "arenas/end_member.html", form=form, arena=arena, member=member, name=_name(member)
    )
    return page, 422 if form.is_submitted() else 200


def _name(member: ArenaMember) -> str:
    who = member.contact or member.organisation
    return who.name if who is not None else ""


@blueprint.post("/arenas/<int:identity>/members/<int:member_id>/remove")
@requires(Permission.LOG_INTERACTIONS)
def remove_member(identity: int, member_id: int) -> Any:
    arena = arena_to_change(identity)
    operations.remove_member(queries.found_member(arena, member_id), actor=current_user)
    db.session.commit()
    flash(_("The member has been taken off."), "success")
    return redirect(url_for("arenas.show", identity=identity, _anchor="members"))
