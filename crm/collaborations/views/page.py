"""One collaboration: its page and its history."""

from typing import Any

from flask import abort, render_template
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.directory import directory
from crm.accounts.models import Permission
from crm.audit.queries import history_of
from crm.collaborations.queries import chain_of
from crm.collaborations.views.blueprints import blueprint
from crm.collaborations.views.lists import COLOURS
from crm.collaborations.views.loading import opened
from crm.interactions.forms import FollowUpForm
from crm.interactions.policies import can_bin, can_edit
from crm.interactions.queries import interaction_to_fill_in
from crm.interactions.queries.follow_ups import follow_up_ids, follow_ups_in
from crm.interactions.queries.log_form import people_to_choose
from crm.interactions.queries.rows import listed
from crm.interactions.queries.single import parts_of
from crm.interactions.views.log_page import due_picks, in_two_weeks
from crm.organisations.forms.fields import choices
from crm.web.guards import requires
from crm.web.panels import panels


@blueprint.get("/<int:identity>")
@requires(Permission.READ)
def show(identity: int) -> str:
    interaction = interaction_to_fill_in(identity, current_user)
    chain = chain_of(identity, current_user) or abort(404)
    editable = can_edit(current_user, interaction) and not interaction.is_binned
    lead = directory().get(chain.own.lead_id or 0)
    return render_template(
        "collaborations/show.html",
        interaction=interaction,
        chain=chain,
        own=chain.own,
        colours=COLOURS,
        lead=lead.name if lead is not None else None,
        activities=sorted(listed(chain.own.activities), key=lambda row: str(row.starts_on), reverse=True),
        may_edit=editable,
        may_bin=can_bin(current_user, interaction),
        may_continue=current_user.may(Permission.LOG_INTERACTIONS) and not interaction.is_binned,
        form=_follow_up_form() if editable else None,
        due_picks=due_picks(),
        follow_ups=follow_ups_in(identity, current_user),
        parts=parts_of(identity),
        panels=panels("interaction", interaction, current_user),
    )


def _follow_up_form() -> FollowUpForm:
    form = FollowUpForm(formdata=None, data={"due_on": in_two_weeks(), "owner": current_user.id})
    form.owner.choices = choices((one.id, one.label) for one in people_to_choose(current_user.id))
    return form


@blueprint.get("/<int:identity>/history")
@requires(Permission.READ_AUDIT)
def history(identity: int) -> Any:
    """What was done to it, to its interaction, and to what was promised there."""
    _collaboration, interaction = opened(identity)
    return render_template(
        "audit/history.html",
        trail=[(_("Collaborations"), "/collaborations/"), (interaction.title, f"/collaborations/{identity}")],
        entries=history_of(
            interaction,
            current_user,
            parts={"Collaboration": [identity], "FollowUp": follow_up_ids(identity)},
        ),
    )
