"""Topics and the words that callers use for them: the administrator's."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from crm.accounts.models import Permission
from crm.audit.queries import history_of
from crm.extensions import db
from crm.responsibilities import operations
from crm.responsibilities.forms import TopicForm, topic_values
from crm.responsibilities.models import Topic
from crm.responsibilities.operations import DEFAULT_DAYS
from crm.responsibilities.views.blueprints import blueprint
from crm.responsibilities.views.form import LARGEST_ID
from crm.web.forms.attempts import attempted
from crm.web.guards import requires


@blueprint.get("/responsibilities/topics/")
@requires(Permission.EDIT_TOPICS)
def topics() -> str:
    rows = db.session.scalars(select(Topic).order_by(Topic.is_retired, Topic.sort_key, Topic.id)).all()
    return render_template("responsibilities/topics.html", topics=rows)


@blueprint.route("/responsibilities/topics/new", methods=["GET", "POST"])
@requires(Permission.EDIT_TOPICS)
def new_topic() -> Any:
    form = TopicForm(data={"working_days": DEFAULT_DAYS})
    if form.validate_on_submit():
        made = attempted(form, lambda: operations.create_topic(actor=current_user, **form.values()))
        if made is not None:
            flash(_("%(name)s has been added.", name=made.name_nb), "success")
            return redirect(url_for("responsibilities.topics"))
    return _form_page(form, None)


@blueprint.route("/responsibilities/topics/<int:identity>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_TOPICS)
def edit_topic(identity: int) -> Any:
    topic = _found(identity)
    form = TopicForm(data=topic_values(topic) | {"version": topic.version})
    if form.validate_on_submit():
        version, values = form.version.data, form.values()
        saved = attempted(
            form,
            lambda: operations.update_topic(topic, actor=current_user, version=version, **values),
            values_of=topic_values,
        )
        if saved is not None:
            flash(_("The changes have been saved."), "success")
            return redirect(url_for("responsibilities.topics"))
    return _form_page(form, topic)


def _form_page(form: TopicForm, topic: Topic | None) -> tuple[str, int]:
    page = render_template("responsibilities/topic.html", form=form, topic=topic)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/responsibilities/topics/<int:identity>/history")
@requires(Permission.READ_AUDIT)
def topic_history(identity: int) -> str:
    topic = _found(identity)
    return render_template(
        "audit/history.html",
        trail=[(_("Responsibilities"), "/responsibilities/"), (topic.name_nb, None)],
        entries=history_of(topic, current_user),
    )


def _found(identity: int) -> Topic:
    """404 where there is none."""
    topic = db.session.get(Topic, identity) if 0 < identity <= LARGEST_ID else None
    if topic is None:
        abort(404)
    return topic
