"""Files of an interaction: added, fetched, removed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug import Response

from crm import files
from crm.accounts.models import Permission
from crm.attachments import operations
from crm.attachments.forms import UploadForm
from crm.attachments.models import Attachment
from crm.attachments.queries import found_attachment
from crm.attachments.rules import MOST_FILES, MOST_MEGABYTES
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.interactions.policies import can_edit
from crm.interactions.views.log import interaction_to_change
from crm.web.forms import Form
from crm.web.guards import requires
from crm.web.uploads import takes_megabytes
from crm.web.validation import Invalid

blueprint = Blueprint("attachments", __name__)
log = structlog.get_logger("crm")


@blueprint.route("/interactions/<int:identity>/attachments/add", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
@takes_megabytes(MOST_MEGABYTES)
def add(identity: int) -> Any:
    interaction = interaction_to_change(identity)
    form = UploadForm()
    if not form.is_submitted():
        return _page(interaction, form), 200
    if form.validate():
        uploads = form.uploads()
        try:
            with _reserved(2 * min(len(uploads), MOST_FILES)) as keys:
                stored = operations.store_uploads(uploads, keys)
                made = operations.attach(interaction_to_change(identity), stored, actor=current_user)
                db.session.commit()
        except Invalid as invalid:
            form.refuse_all(invalid.errors)
        except operations.StorageFails:
            form.refuse(
                "files", _("The files could not be stored: the mistake is ours. Try again in a while.")
            )
            return _page(interaction, form), 503
        else:
            flash(_told(len(made), len(stored)), "success")
            return redirect(url_for("interactions.show", identity=identity, _anchor="attachments"))
    return _page(interaction, form), 422


@contextmanager
def _reserved(number: int) -> Iterator[list[str]]:
    """Keys for files that are about to be written; of those that no record holds in the end nothing stays.

    They are committed at once. So a file that a power cut leaves behind is known, and while pictures are drawn anew
    nobody waits for this transaction.
    """
    keys = files.reserve(number)
    db.session.commit()
    try:
        yield keys
    finally:
        db.session.rollback()
        files.discard(keys)
        db.session.commit()


def _told(made: int, sent: int) -> str:
    told = [ngettext("%(num)s file has been added.", "%(num)s files have been added.", made)] if made else []
    there = sent - made
    if there:
        told.append(ngettext("%(num)s file was there already.", "%(num)s files were there already.", there))
    return " ".join(told)


def _page(interaction: Interaction, form: UploadForm) -> str:
    return render_template("attachments/add.html", interaction=interaction, form=form)


@blueprint.get("/attachments/<int:identity>")
@requires(Permission.READ)
def download(identity: int) -> Response:
    """The file under its own name, to be kept and not shown: it came from outside."""
    attachment, _interaction = found_attachment(identity, current_user)
    answer = _sent(attachment.storage_key, attachment.media_type, name=attachment.name)
    answer.content_length = attachment.size
    return answer


@blueprint.get("/attachments/<int:identity>/thumbnail")
@requires(Permission.READ)
def thumbnail(identity: int) -> Response:
    """The small picture, which was drawn here."""
    attachment, _interaction = found_attachment(identity, current_user)
    return _sent(attachment.thumbnail_key, "image/jpeg")


def _sent(key: str | None, media_type: str, *, name: str | None = None) -> Response:
    try:
        stream = files.storage().open(key or "")
    except (OSError, ValueError) as error:
        log.error("file not found", error=type(error).__name__)  # noqa: TRY400  the name of the error tells enough
        abort(404)
    answer = send_file(
        stream, media_type, as_attachment=name is not None, download_name=name, max_age=None, etag=False
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.route("/attachments/<int:identity>/remove", methods=["GET", "POST"])
@requires(Permission.LOG_INTERACTIONS)
def remove(identity: int) -> Any:
    """Asks first: what is removed cannot be brought back."""
    attachment, interaction = _attachment_to_remove(identity)
    form = Form()
    if not form.validate_on_submit():
        return render_template(
            "attachments/remove.html", attachment=attachment, interaction=interaction, form=form
        )
    name = attachment.name
    keys = operations.remove_attachment(attachment, interaction, actor=current_user)
    db.session.commit()
    files.discard(keys)
    db.session.commit()
    flash(_("“%(name)s” has been removed.", name=name), "success")
    return redirect(url_for("interactions.show", identity=interaction.id, _anchor="attachments"))


def _attachment_to_remove(identity: int) -> tuple[Attachment, Interaction]:
    attachment, interaction = found_attachment(identity, current_user)
    if not can_edit(current_user, interaction):
        abort(403)
    return attachment, interaction
