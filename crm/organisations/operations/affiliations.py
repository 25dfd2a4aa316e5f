from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm.accounts.models import User
from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.organisations import rules
from crm.organisations.models import Affiliation, Contact
from crm.organisations.operations.locking import locked_organisation, locked_organisations
from crm.organisations.queries.contacts import same_email_at
from crm.web.clock import today
from crm.web.validation import Invalid, Linked


def add_affiliation(
    contact: Contact, *, actor: User, organisation_id: int | None, **fields: Any
) -> Affiliation:
    """The contact's role at one more organisation. `fields` are any of rules.AFFILIATION. Raises Invalid."""
    affiliation = attach(contact, {"organisation_id": organisation_id, **fields}, actor=actor)
    record(contact, actor=actor)
    return affiliation


def update_affiliation(affiliation: Affiliation, *, actor: User, **fields: Any) -> Affiliation:
    """Change the given fields of rules.AFFILIATION and leave the others. Raises Invalid."""
    values = rules.checked(rules.AFFILIATION, fields)
    ended_on = values.get("ended_on", affiliation.ended_on)
    rules.check_period(values.get("started_on", affiliation.started_on), ended_on, today())
    contact, before = affiliation.contact, affiliation.audit_value()
    locked_organisations([affiliation.organisation_id])
    if ended_on is None and affiliation.ended_on is not None:
        _check_not_there(contact, affiliation.organisation_id)
        check_email_is_free(contact.email, [affiliation.organisation_id], contact)
    for field, value in values.items():
        setattr(affiliation, field, value)
    affiliation.primary = affiliation.primary and ended_on is None
    if affiliation.primary and not before["primary"]:
        _step_down(affiliation.organisation_id, besides=contact, actor=actor)
    _record_change(affiliation, before, actor=actor)
    return affiliation


def end_affiliation(affiliation: Affiliation, *, actor: User, ended_on: date | None = None) -> Affiliation:
    """Their last day there, today unless told: the person leaves the current list and stays in the history."""
    return update_affiliation(affiliation, actor=actor, ended_on=ended_on or today())


def replace_affiliations(
    contact: Contact, *, actor: User, affiliations: Iterable[Mapping[str, Any]]
) -> Contact:
    """All the contact's affiliations, as far as they last: a current one that is not named ends today, the others are
    changed or added. Those that had ended stay, named or not. Raises Invalid.
    """
    named = list(affiliations)
    meant = _meant(contact, named)
    for place, affiliation in sorted(meant.items()):
        fields = {name: value for name, value in named[place].items() if name != "organisation_id"}
        update_affiliation(affiliation, actor=actor, **{"ended_on": None} | fields)
    for affiliation in set(contact.affiliations) - set(meant.values()):
        if affiliation.ended_on is None:
            end_affiliation(affiliation, actor=actor)
    for place, given in enumerate(named):
        if place not in meant:
            add_affiliation(contact, actor=actor, **{"organisation_id": None} | dict(given))
    return contact


def _meant(contact: Contact, named: Sequence[Mapping[str, Any]]) -> dict[int, Affiliation]:
    """Which of the contact's affiliations are meant, by their places among those named: the same one; one that lasts; one
    that is ended by it; one that ended by mistake.
    """
    free = list(contact.affiliations)
    found: dict[int, Affiliation] = {}
    for fits in (_is_same, _goes_on, _is_ended, _is_reopened):
        for place, given in enumerate(named):
            here = (a for a in free if a.organisation_id == given.get("organisation_id") and fits(a, given))
            if place not in found and (match := next(here, None)) is not None:
                found[place] = match
                free.remove(match)
    return found


def _is_same(one: Affiliation, given: Mapping[str, Any]) -> bool:
    return one.started_on == given.get("started_on") and one.ended_on == given.get("ended_on")


def _goes_on(one: Affiliation, given: Mapping[str, Any]) -> bool:
    return one.ended_on is None and given.get("ended_on") is None


def _is_ended(one: Affiliation, _given: Mapping[str, Any]) -> bool:
    return one.ended_on is None


def _is_reopened(one: Affiliation, given: Mapping[str, Any]) -> bool:
    return one.started_on is not None and one.started_on == given.get("started_on")


def attach(contact: Contact, given: Mapping[str, Any], *, actor: User) -> Affiliation:
    """A checked affiliation on the contact, not yet recorded."""
    fields = {name: value for name, value in given.items() if name != "organisation_id"}
    values = rules.checked(rules.AFFILIATION, fields)
    rules.check_period(values.get("started_on"), values.get("ended_on"), today())
    organisation = locked_organisation(given.get("organisation_id"), "organisation_id")
    if values.get("ended_on") is None:
        _check_not_there(contact, organisation.id)
        check_email_is_free(contact.email, [organisation.id], contact)
    else:
        values["primary"] = False
    if values.get("primary"):
        _step_down(organisation.id, besides=contact, actor=actor)
    affiliation = Affiliation(organisation=organisation, **values)
    contact.affiliations.append(affiliation)
    if contact.id is not None:
        contact.updated_at = now()  # affiliations are part of the record: its version moves on
    return affiliation


def check_email_is_free(email: str | None, organisation_ids: Sequence[int], contact: Contact) -> None:
    """Raises Invalid, with a link, where somebody else who works at one of the organisations has the e-mail. The
    organisations must be locked: otherwise two could pass at once.
    """
    if email is None or not organisation_ids:
        return
    taken = same_email_at(organisation_ids, email, besides=contact.id)
    if taken is not None:
        message = _("Somebody at %(organisation)s has this e-mail already.", organisation=taken.organisation)
        name = f"{taken.given_name} {taken.family_name}".strip()
        raise Invalid({"email": [Linked(message, label=name, path=f"/contacts/{taken.id}")]})


def locked_contact(contact: Contact) -> None:
    """The contact's own columns as they are now, locked until the transaction ends."""
    db.session.execute(
        select(Contact)
        .where(Contact.id == contact.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _check_not_there(contact: Contact, organisation_id: int) -> None:
    for affiliation in contact.affiliations:
        at = affiliation.organisation_id or affiliation.organisation.id
        if at == organisation_id and affiliation.ended_on is None:
            raise Invalid({"organisation_id": [_("This person is already registered there")]})


def _step_down(organisation_id: int, *, besides: Contact, actor: User) -> None:
    """One primary contact an organisation: whoever was it, is it no longer."""
    with db.session.no_autoflush:
        others = db.session.scalars(
            select(Affiliation).where(Affiliation.organisation_id == organisation_id, Affiliation.primary)
        ).all()
    for other in others:
        if other.contact_id != besides.id:
            before = other.audit_value()
            other.primary = False
            _record_change(other, before, actor=actor)


def _record_change(affiliation: Affiliation, before: dict[str, Any], *, actor: User) -> None:
    after = affiliation.audit_value()
    if after != before:
        affiliation.contact.updated_at = now()
        record(affiliation.contact, actor=actor, changes={"affiliations": [[before], [after]]})
