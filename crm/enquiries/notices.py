"""Who is written to about an enquiry: whoever it is handed to, with one link, when the hand-over is committed.

Steps of the request are looked up again when it is over: what was rolled back is not there, and nobody is told of it. Each
step is told once, since it is noted once; nobody is told what they did themselves. The mail, which leaves the house, holds
what the enquiry is about and when it is due, and not who called.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.accounts.absences import standing_in
from crm.accounts.models import Permission, User
from crm.enquiries.changes import enquiry_handed_over
from crm.enquiries.models import Enquiry, EnquiryStep
from crm.extensions import db
from crm.mail import send
from crm.web.clock import today

PENDING = "enquiries_handed_over"


def register_notices(app: Flask) -> None:
    """After a request that has handed enquiries over, whoever got them is told."""
    enquiry_handed_over.connect(_note)
    app.after_request(_tell_who_got_them)


def _note(step: EnquiryStep) -> None:
    db.session.info.setdefault(PENDING, []).append(step.id)


def _tell_who_got_them(response: Any) -> Any:
    if ids := db.session.info.pop(PENDING, None):
        tell(ids)
        db.session.rollback()  # nothing was written
    return response


def tell(step_ids: Iterable[int]) -> None:
    """Those to whom the steps handed an enquiry."""
    steps = db.session.scalars(
        select(EnquiryStep)
        .where(EnquiryStep.id.in_(step_ids))
        .options(joinedload(EnquiryStep.enquiry), joinedload(EnquiryStep.actor))
    ).all()
    for step in steps:
        for user, instead_of in told_of(step):
            send(
                user.email,
                _l("An enquiry for you: %(subject)s", subject=step.enquiry.subject),
                "enquiry",
                language=user.language,
                name=user.name,
                wait=False,
                key=f"enquiry-step-{step.id}-{user.id}",
                **_words(step.enquiry),
                by=step.actor.name if step.actor is not None else None,
                instead_of=instead_of.name if instead_of is not None else None,
                unit=step.to_unit.name if step.to_unit is not None else None,
            )


def told_of(step: EnquiryStep) -> list[tuple[User, User | None]]:
    """Whom to tell of the hand-over, and in whose place: the one who got it, and their deputy where they are away today; of a
    unit everybody in it who handles enquiries.
    """
    found: list[tuple[User, User | None]] = []
    if step.to_user is not None:
        deputy = standing_in(step.to_user, today())
        found = [(step.to_user, None), *([(deputy, step.to_user)] if deputy is not None else [])]
    elif step.to_unit_id is not None:
        members = db.session.scalars(
            select(User).where(User.unit_id == step.to_unit_id).order_by(User.sort_key, User.id)
        )
        found = [(member, None) for member in members if member.may(Permission.HANDLE_ENQUIRIES)]
    return [one for one in found if is_reached(one[0]) and one[0].id != step.actor_id]


def is_reached(user: User) -> bool:
    """Whether somebody reads what is sent there."""
    return user.is_active and not user.is_service


def tell_deadline(enquiry: Enquiry, user: User, *, as_deputy_of: User | None) -> bool:
    """That the deadline is near or past. Whether it could be handed over."""
    return send(
        user.email,
        _l("The deadline of an enquiry is near: %(subject)s", subject=enquiry.subject),
        "enquiry_due",
        language=user.language,
        name=user.name,
        **_words(enquiry),
        assignee=enquiry.assignee.name if enquiry.assignee is not None else None,
        is_deputy=as_deputy_of is not None,
    )


def _words(enquiry: Enquiry) -> dict[str, Any]:
    return {
        "about": enquiry.subject,
        "due_on": enquiry.due_on,
        "path": f"/enquiries/{enquiry.id}",
    }
