"""One box for everything: its page, and what comes up under the box as one types."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user

from crm.accounts.models import Permission
from crm.search import throttle
from crm.search.answers import answers, cleaned
from crm.search.links import hand_over, page_of
from crm.search.queries import Kind
from crm.search.wording import ICONS, MANY, ONE
from crm.web.clock import today
from crm.web.guards import requires

blueprint = Blueprint("search", __name__, url_prefix="/search")

SUGGESTED = 8
LISTED = 30


@blueprint.get("")
@requires(Permission.READ)
def index() -> Any:
    """The page, or what is shown under the box while one types."""
    throttle.searches.count(current_user.get_id())
    words = cleaned(request.args.get("q"))
    typing = "HX-Request" in request.headers
    kind = next((one for one in Kind if one == request.args.get("kind")), None)
    answered = answers(
        words,
        current_user,
        day=today(),
        limit=SUGGESTED if typing else LISTED,
        kinds=[kind] if kind else tuple(Kind),
    )
    return render_template(
        "search/_suggestions.html" if typing else "search/index.html",
        answered=answered,
        kind=kind,
        one_of=ONE,
        many=MANY,
        icons=ICONS,
        hand_over=hand_over,
        page_of=page_of,
    )
