"""The address of one's calendar, the calendar itself, and an interaction as a file."""

import hashlib
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from crm.accounts.models import Permission
from crm.accounts.sessions import hashed, signed_in_user
from crm.calendars import operations, queries
from crm.calendars.addresses import address_of
from crm.calendars.entries import feed_file, interaction_file
from crm.calendars.forms import FeedForm
from crm.calendars.writing import MIMETYPE
from crm.extensions import db, limiter
from crm.interactions.queries import interaction_to_fill_in
from crm.web.clock import today
from crm.web.forms.attempts import attempted
from crm.web.guards import public, requires

blueprint = Blueprint("calendars", __name__)


@blueprint.route("/calendar/", methods=["GET", "POST"])
@requires(Permission.USE_OWN_ACCOUNT)
def index() -> Any:
    """Where one's calendar is read, and what it holds."""
    user = signed_in_user()
    feed = queries.feed_of_user(user)
    form = FeedForm(obj=feed)
    if form.validate_on_submit():
        if feed is None:  # stopped in another window
            return redirect(url_for("calendars.index"))
        wanted = bool(form.includes_team.data)
        attempted(form, lambda: operations.choose_team(feed=feed, includes_team=wanted, actor=user))
        flash(_("Saved. Your calendar shows it the next time it asks."), "success")
        return redirect(url_for("calendars.index"))
    return render_template(
        "calendars/index.html",
        feed=feed,
        form=form,
        address=address_of(feed) if feed is not None else None,
        user=user,
    )


@blueprint.post("/calendar/new-address")
@requires(Permission.USE_OWN_ACCOUNT)
def new_address() -> Any:
    user = signed_in_user()
    operations.open_feed(user=user, actor=user)
    db.session.commit()
    flash(_("The address is made. Copy it into your calendar."), "success")
    return redirect(url_for("calendars.index"))


@blueprint.post("/calendar/stop")
@requires(Permission.USE_OWN_ACCOUNT)
def stop() -> Any:
    user = signed_in_user()
    operations.close_feed(user=user, actor=user)
    db.session.commit()
    flash(_("The address has stopped working. Calendars that had it get nothing more."), "success")
    return redirect(url_for("calendars.index"))


def _token_hash() -> str:
    return hashed((request.view_args or {})["token"])


guesses_are_limited = limiter.limit("60 per minute", key_func=get_remote_address)
"""Whoever tries out addresses is slowed down; an office or a calendar service whose users all ask from one is not."""


@blueprint.get("/calendar/<token>.ics")
@public
@limiter.limit("120 per hour", key_func=_token_hash)
def feed(token: str) -> Response:
    """The calendar for whoever has its address. A program that has it already is told so, without the content."""
    found = queries.feed_by_token(token)
    if found is None:
        with guesses_are_limited:
            abort(404)
    body = feed_file(found, today())
    answer = Response(body, content_type=f"{MIMETYPE}; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    answer.make_conditional(request)
    return answer


@blueprint.get("/interactions/<int:identity>.ics")
@requires(Permission.READ)
def interaction(identity: int) -> Response:
    """One interaction, to open in a calendar or to send on."""
    user = signed_in_user()
    found = interaction_to_fill_in(identity, user)
    engagement = queries.engagement(identity, user)
    if engagement is None:
        abort(404)
    answer = Response(
        interaction_file(engagement, found.author), content_type=f"{MIMETYPE}; charset=utf-8; method=PUBLISH"
    )
    name = _("interaction")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{identity}.ics"'
    return answer
