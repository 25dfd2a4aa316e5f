from flask import Blueprint, render_template, request
from flask_login import current_user

from crm.audit import queries
from crm.audit.forms import AuditFilterForm
from crm.audit.history import in_words
from crm.web.guards import requires

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
READ_AUDIT = "read_audit"  # the permission's name: permissions are known above this layer


@blueprint.get("/")
@requires(READ_AUDIT)
def index() -> str:
    form = AuditFilterForm(request.args, actors=queries.actors())
    wanted = form.wanted()
    page_of_events = queries.log_page(wanted, cursor=request.args.get("cursor"))
    return render_template(
        "audit/index.html",
        form=form,
        page_of_events=page_of_events,
        entries=in_words(page_of_events.rows, current_user),
        active_count=wanted.active_count,
    )
