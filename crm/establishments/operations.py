"""Somebody seeks a place: what they need, the sites proposed, the contacts that came of it, and the company established.

An establishment is changed under the lock and the version of its enquiry.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from flask_babel import gettext as _

from crm.accounts.models import User
from crm.audit.recording import record
from crm.database import now
from crm.enquiries.models import Enquiry
from crm.enquiries.operations.steps import lock_enquiry
from crm.establishments import rules
from crm.establishments.measures import measure_on, usual_measure
from crm.establishments.models import Establishment, EstablishmentStage, Proposal, ProposalState
from crm.extensions import db
from crm.interactions.forms import generated_title
from crm.interactions.models import Interaction, InteractionKind, InteractionStatus
from crm.interactions.operations import log_interaction
from crm.organisations.models import Organisation
from crm.plan.queries import outlines
from crm.sites.models import Site
from crm.web.clock import local, today
from crm.web.validation import Invalid

STEPS = {
    ProposalState.introduced: (InteractionKind.introduction, "interaction_id"),
    ProposalState.viewed: (InteractionKind.meeting, "viewing_id"),
}
"""Of a proposal's state that came of a contact: the kind of interaction, and where it is kept."""


class NeedValues(TypedDict, total=False):
    """What somebody needs; what is left out stays as it is. Areas in square metres, power in kilowatts."""

    area_from: int | None
    area_to: int | None
    premises: Sequence[str]
    needed_from: date | None
    jobs: int | None
    power: int | None
    focus_area: int | None
    measure_id: int | None


def begin_search(enquiry: Enquiry, *, actor: User, **values: Unpack[NeedValues]) -> Establishment:
    """The enquiry is from somebody who seeks a place. It counts under the usual measure unless told otherwise."""
    lock_enquiry(enquiry)
    if db.session.get(Establishment, enquiry.id) is not None:
        raise Invalid({"enquiry": [_("What they need is written down already")]})
    if "measure_id" not in values:
        values["measure_id"] = usual_measure(local(enquiry.received_at).date())
    establishment = Establishment(
        id=enquiry.id, enquiry=enquiry, stage=EstablishmentStage.seeking, premises=[]
    )
    return _save(establishment, actor, values)


def update_need(
    establishment: Establishment, *, actor: User, version: int | None, **values: Unpack[NeedValues]
) -> Establishment:
    """`version` is the enquiry's, as the writer read it; None takes any. Raises Invalid or Stale."""
    lock_enquiry(establishment.enquiry, version)
    return _save(establishment, actor, values)


def _save(establishment: Establishment, actor: User, values: NeedValues) -> Establishment:
    given: dict[str, Any] = {name: values.get(name, getattr(establishment, name)) for name in rules.NEED}
    plans = outlines()
    areas = {int(area.code) for plan in plans.plans for area in plan.tree.focus_areas}
    try:
        given = rules.checked_need(given, known_areas=areas, known_measures=plans.measures.keys())
    except ValueError as error:
        raise Invalid(error.args[0]) from None
    for name, value in given.items():
        if getattr(establishment, name) != value:
            setattr(establishment, name, value)
    return _recorded(establishment, actor)


def propose(establishment: Establishment, *, actor: User, site_id: int, words: str | None = None) -> Proposal:
    """Propose a site, with a word. One that was declined is proposed anew. Raises Invalid."""
    _open(establishment)
    site = db.session.get(Site, site_id)
    if site is None or site.is_binned:
        raise Invalid({"site_id": [_("The site does not exist, or is in the bin. Choose another")]})
    said = _words(words)
    proposal = next((one for one in establishment.proposals if one.site_id == site_id), None)
    if proposal is None:
        proposal = Proposal(site=site, site_id=site_id, state=ProposalState.proposed, words=said)
        establishment.proposals.append(proposal)
    elif proposal.state == ProposalState.declined:
        proposal.state, proposal.words = ProposalState.proposed, said
    else:
        raise Invalid({"site_id": [_("%(site)s has been proposed already", site=site.name)]})
    _follow(establishment, actor, "proposed")
    return proposal


def log_contact(
    proposal: Proposal,
    *,
    actor: User,
    state: str,
    day: date | None,
    notes: str | None = None,
    measure_id: int | None = None,
    submission_key: str | None = None,
) -> Interaction:
    """They were introduced to the developer, or saw the site: an interaction with both, under the measure as the plan of
    the local day has it. Where only one of them is a known organisation it is a meeting. Raises Invalid by field.
    """
    establishment = proposal.establishment
    _open(establishment)
    kind, kept_as = STEPS[ProposalState(state)]
    site, enquiry = proposal.site, establishment.enquiry
    if day is not None and day > today():
        raise Invalid({"day": [_("That day is still to come. Log it when it has taken place")]})
    measure = measure_on(day or today(), measure_id)
    organisations = list(filter(None, dict.fromkeys([site.developer_id, enquiry.organisation_id])))
    if len(organisations) < 2:
        kind = InteractionKind.meeting
    if not organisations:
        raise Invalid(
            {"day": [_("Name the developer of the site first, so that it can be logged with them")]}
        )
    seeker = (
        enquiry.organisation.name
        if enquiry.organisation
        else enquiry.caller_organisation or enquiry.caller_name
    )
    names = [name for name in (site.name, seeker) if name]
    interaction = log_interaction(
        actor=actor,
        submission_key=submission_key,
        kind=kind,
        status=InteractionStatus.held,
        title=generated_title(kind, names),
        starts_on=day,
        notes=notes,
        organisation_ids=organisations,
        contact_ids=list(filter(None, dict.fromkeys([site.contact_id, enquiry.contact_id]))),
        measure_ids=[measure] if measure is not None else [],
    )
    setattr(proposal, kept_as, interaction.id)
    proposal.state = state
    _follow(establishment, actor, state)
    return interaction


def decline(proposal: Proposal, *, actor: User, words: str | None = None) -> None:
    """They do not want it; why, the word says."""
    _open(proposal.establishment)
    proposal.words = _words(words) or proposal.words
    proposal.state = ProposalState.declined
    _follow(proposal.establishment, actor, "declined")


def choose(proposal: Proposal, *, actor: User) -> None:
    """They want this one: what follows is between them and the developer."""
    _open(proposal.establishment)
    proposal.state = ProposalState.chosen
    _follow(proposal.establishment, actor, "chosen")


def establish(
    establishment: Establishment,
    *,
    actor: User,
    organisation_id: int | None,
    site_id: int | None,
    established_on: date | None,
    jobs: int | None = None,
) -> None:
    """Which company, where and on which local day; `jobs` is how many it brings, where that is known by now. Raises Invalid."""
    lock_enquiry(establishment.enquiry)
    found = rules.establishing_problems(
        organisation_id=organisation_id,
        established_on=established_on,
        received_on=local(establishment.enquiry.received_at).date(),
        today=today(),
    )
    for field, model, identity in (
        ("organisation_id", Organisation, organisation_id),
        ("site_id", Site, site_id),
    ):
        there: Any = db.session.get(model, identity) if identity is not None else None
        if identity is not None and (there is None or there.is_binned):
            found[field] = [_("What was chosen does not exist, or is in the bin. Choose another")]
    if jobs is not None and not 0 <= jobs <= rules.MOST_JOBS:
        found["jobs"] = [_("Enter a number from 0 to %(most)s", most=rules.MOST_JOBS)]
    if found:
        raise Invalid(found)
    establishment.organisation_id, establishment.site_id = organisation_id, site_id
    establishment.established_on = established_on
    establishment.jobs = jobs if jobs is not None else establishment.jobs
    establishment.stage = EstablishmentStage.established
    _recorded(establishment, actor, "established")


def give_up(establishment: Establishment, *, actor: User) -> None:
    """It came to nothing; why, the enquiry's answer says."""
    _open(establishment)
    establishment.stage = EstablishmentStage.given_up
    _recorded(establishment, actor, "given_up")


def resume_search(establishment: Establishment, *, actor: User) -> None:
    """It was given up or called established too early: the stage follows from the proposals again."""
    lock_enquiry(establishment.enquiry)
    establishment.organisation_id = establishment.site_id = establishment.established_on = None
    establishment.stage = rules.stage_of(one.state for one in establishment.proposals)
    _recorded(establishment, actor, "resumed")


def _open(establishment: Establishment) -> None:
    """Locked, and not ended. Raises Invalid."""
    lock_enquiry(establishment.enquiry)
    if establishment.stage in rules.ENDED:
        raise Invalid({"stage": [_("The search has ended. Take it up again first")]})


def _words(words: str | None) -> str | None:
    try:
        return rules.checked_words(words)
    except ValueError as error:
        raise Invalid({"words": [str(error)]}) from None


def _follow(establishment: Establishment, actor: User, action: str) -> None:
    establishment.stage = rules.stage_of(one.state for one in establishment.proposals)
    _recorded(establishment, actor, action)


def _recorded(establishment: Establishment, actor: User, action: str | None = None) -> Establishment:
    establishment.enquiry.updated_at = now()  # its version counts these changes, too
    if action is None:
        record(establishment, actor=actor)
    else:
        record(establishment, actor=actor, action=action)
    return establishment
