from flask import render_template
from flask_login import current_user

from crm.accounts.models import Permission
from crm.organisations.queries.bin import binned, gone_on
from crm.organisations.views.blueprints import organisation_blueprint as blueprint
from crm.web.guards import requires
from crm.web.panels import panels


@blueprint.get("/bin")
@requires(Permission.BIN)
def recycle_bin() -> str:
    organisations, contacts = binned()
    return render_template(
        "bin/index.html",
        organisations=organisations,
        contacts=contacts,
        gone_on=gone_on,
        panels=panels("bin", None, current_user),
    )
