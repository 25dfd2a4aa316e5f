"""The front page."""

from typing import Any

from flask import render_template
from flask_login import current_user

from crm.accounts.models import Permission
from crm.interactions.queries import my_day as queries
from crm.interactions.views.blueprints import interaction_blueprint as blueprint
from crm.plan.queries import plan_gap
from crm.web.clock import today
from crm.web.guards import requires


@blueprint.get("/", endpoint="my_day")
@requires(Permission.READ)
def front_page() -> str:
    now = today()
    logs = current_user.may(Permission.LOG_INTERACTIONS)
    leads = current_user.may(Permission.EDIT_ALL_INTERACTIONS)
    shown: dict[str, Any] = {"gap": plan_gap(now) if logs else None}
    shown |= {"day": queries.my_day(current_user, now) if logs else None}
    if leads or not logs:
        shown["held_this_year"] = queries.held_between(now.replace(month=1, day=1), now)
    if not logs or not shown["day"].latest:
        shown["latest"] = queries.latest_interactions(current_user)
    return render_template("interactions/my_day.html", today=now, logs=logs, **shown)
