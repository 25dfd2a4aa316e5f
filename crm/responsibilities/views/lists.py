"""Who answers for what, where nobody does, and who is the right contact."""

from flask import render_template, request

from crm.accounts.directory import directory
from crm.accounts.models import Permission
from crm.organisations.queries import chosen_organisation
from crm.responsibilities import queries
from crm.responsibilities.views.blueprints import blueprint
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.locale import language


@blueprint.get("/responsibilities/")
@requires(Permission.READ)
def index() -> str:
    wanted = queries.ResponsibilityFilter.parse(request.args)
    kept = queries.ours()
    return render_template(
        "responsibilities/index.html",
        groups=queries.list_responsibilities(wanted, today()),
        filter=wanted,
        topics=[(key, topic.name(language())) for key, topic in kept.topics.items()],
        people=directory().colleagues(),
        units=kept.units,
    )


@blueprint.get("/responsibilities/gaps")
@requires(Permission.READ)
def gaps() -> str:
    return render_template("responsibilities/gaps.html", gaps=queries.gaps_on(today()))


@blueprint.get("/responsibilities/right-contact")
@requires(Permission.READ)
def right_contact() -> str:
    """Whom somebody should speak to; only the answer where a page asks for it beside its own content."""
    asked = {name: _number(request.args.get(name)) for name in ("organisation", "topic", "site")}
    kept, identity = queries.ours(), asked["organisation"]
    topic = asked["topic"] if asked["topic"] in kept.topics else None
    site = asked["site"] if asked["site"] in kept.sites else None
    found = queries.right_contacts([identity] if identity else [], topic=topic, site=site, day=today())
    partial = request.headers.get("HX-Request") == "true"
    return render_template(
        "responsibilities/_answer.html" if partial else "responsibilities/right_contact.html",
        right=found[identity],
        asked=asked,
        organisation=next(iter(chosen_organisation(identity)), None) if not partial else None,
        topics=[(key, one.name(language())) for key, one in kept.topics.items() if not one.is_retired],
        sites=[(key, one.name) for key, one in kept.sites.items()],
    )


def _number(written: str | None) -> int | None:
    text = written or ""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 else None
