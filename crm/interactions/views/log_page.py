"""What the log form's page shows beside the form's own fields."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app, render_template, request
from flask_babel import format_date
from flask_babel import gettext as _
from flask_login import current_user

from crm.accounts.models import User
from crm.interactions.forms import LogForm, generated_title
from crm.interactions.joined import KEPT_ELSEWHERE
from crm.interactions.models import Interaction, InteractionKind, InteractionStatus
from crm.interactions.queries.collisions import NONE, collisions
from crm.interactions.queries.listing import Named
from crm.interactions.queries.log_form import (
    Option,
    chosen_organisations,
    matching_people,
    named_contacts,
    people_choices,
    people_to_choose,
)
from crm.interactions.queries.measure_choices import measure_choices
from crm.organisations.queries import contact_options, organisation_options
from crm.web.clock import today
from crm.web.locale import language

SAVED_FORM = "saved_form"
SETTLED = {InteractionStatus.held, InteractionStatus.cancelled}


@dataclass(frozen=True, slots=True)
class Pick:
    """A day that is one tap away."""

    label: str
    day: date

    @property
    def short(self) -> str:
        """27. nov."""
        return str(format_date(self.day, "d MMM" if language() == "en" else "d. MMM"))


@dataclass(frozen=True, slots=True)
class SaveButton:
    status: str
    label: str
    primary: bool


def new_key() -> str:
    """Names one filling-in of a form."""
    return secrets.token_urlsafe(16)


def date_picks() -> list[Pick]:
    return [Pick(_("Today"), today()), Pick(_("Yesterday"), today() - timedelta(days=1))]


def due_picks() -> list[Pick]:
    """From tomorrow to a month ahead, and past the summer or the turn of the year when it is near; each day once."""
    now = today()
    friday = now + timedelta(days=(4 - now.weekday()) % 7 or 7)
    picks = [
        Pick(_("Tomorrow"), now + timedelta(days=1)),
        Pick(_("Friday"), friday),
        Pick(_("In a week"), now + timedelta(days=7)),
        Pick(_("In two weeks"), now + timedelta(days=14)),
        Pick(_("In a month"), now + timedelta(days=30)),
    ]
    if now.month in range(3, 8):
        picks.append(Pick(_("After summer"), _monday_from(date(now.year, 8, 15))))
    elif now.month >= 10:
        picks.append(Pick(_("After New Year"), _monday_from(date(now.year + 1, 1, 4))))
    return sorted({pick.day: pick for pick in reversed(picks)}.values(), key=lambda pick: pick.day)


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def in_two_weeks() -> date:
    """When a follow-up is due unless somebody says otherwise."""
    return today() + timedelta(days=14)


def save_buttons(form: LogForm, was: str) -> list[SaveButton]:
    """What the form can be saved as, the likeliest first."""
    likely = form.likely_status
    labels = {
        InteractionStatus.held: _("Save as held"),
        InteractionStatus.planned: _("Save as planned"),
        InteractionStatus.draft: _("Save draft"),
    }
    if was == InteractionStatus.draft:
        wanted = [(likely, labels[likely]), (InteractionStatus.draft, labels[InteractionStatus.draft])]
    elif was == InteractionStatus.held:
        wanted = [(InteractionStatus.held, _("Save"))]
    elif was == InteractionStatus.cancelled:
        wanted = [(InteractionStatus.cancelled, _("Save")), (likely, labels[likely])]
    elif likely == InteractionStatus.held:
        wanted = [(status, labels[status]) for status in (InteractionStatus.held, InteractionStatus.planned)]
    else:
        wanted = [(InteractionStatus.planned, _("Save"))]
    return [SaveButton(str(status), label, place == 0) for place, (status, label) in enumerate(wanted)]


def look_up(form: LogForm) -> None:
    """Without JavaScript: what the pressed button asks for."""
    field = form.wanted
    if field == form.organisations.name:
        form.organisations.results = organisation_options(form.organisations.query)
    elif field == form.other_contacts.name:
        form.other_contacts.results = contact_options(form.other_contacts.query, form.organisations.data)
    elif field == form.advisors.name:
        form.advisors.results = matching_people(form.advisors.query, people_to_choose())
    elif field == form.new_contacts.name and len(form.new_contacts.entries) < form.new_contacts.max_entries:
        form.new_contacts.append_entry()


def offered_choices(
    form: LogForm, known: Sequence[Named] = (), *, besides: int | None = None, settled: bool = False
) -> dict[str, Any]:
    """People and measures to choose from, as the organisations, kind and date of the form have it, and what colleagues do
    there in the same weeks. `besides` is the interaction at hand; nobody is met instead of in one that is `settled`.
    """
    organisations = chosen_organisations(form.organisations.data)
    people = people_choices([one.id for one in organisations], form.contacts.data or (), known)
    user: User = current_user
    return {
        "organisations": organisations,
        "people": people,
        "collisions": NONE
        if settled
        else collisions([one.id for one in organisations], form.day, user, besides=besides),
        "may_join": besides is None,
        "measures": measure_choices(
            day=form.day,
            today=today(),
            kind=form.kind.data,
            organisations=organisations,
            chosen_ids=form.measures.data or (),
            viewer=user,
        ),
    }


def log_page(form: LogForm, interaction: Interaction | None = None, *, known: Sequence[Named] = ()) -> str:
    """The page with the form: a new interaction, or the one at hand. `known` are contacts whose names are known."""
    if interaction is not None and interaction.kind in KEPT_ELSEWHERE:
        kind = InteractionKind(interaction.kind)
        form.kind.choices = [(kind.value, str(kind.label))]
    look_up(form)
    settled = interaction is not None and interaction.status in SETTLED
    offered = offered_choices(
        form, known, besides=interaction.id if interaction is not None else None, settled=settled
    )
    organisations, people = offered["organisations"], offered["people"]
    form.organisations.chosen = organisations
    shown = {person.id for person in people}
    form.other_contacts.chosen = named_contacts(
        [one for one in form.other_contacts.data or () if one not in shown]
    )
    form.contacts.data = [
        *(form.contacts.data or ()),
        *(one for one in form.other_contacts.data or () if one in shown),
    ]
    owner = form.follow_up_owner.data or current_user.id
    colleagues = people_to_choose(*(form.advisors.data or ()), owner)
    form.advisors.chosen = _chosen(colleagues, form.advisors.data or ())
    was = interaction.status if interaction is not None else InteractionStatus.draft
    return render_template(
        "interactions/form.html",
        form=form,
        interaction=interaction,
        **offered,
        settled=settled,
        colleagues=colleagues,
        buttons=save_buttons(form, was),
        may_switch=was == InteractionStatus.draft,
        date_picks=date_picks(),
        due_picks=due_picks(),
        generated_title=generated_title(form.kind.data, [one.label for one in organisations]),
        today=today(),
    )


def _chosen(people: list[Option], ids: Any) -> list[Option]:
    by_id = {person.id: person for person in people}
    return [by_id[one] for one in ids if one in by_id]


def mark_saved(response: Any) -> Any:
    """Tells the browser which form was saved, so that it forgets its own draft of it."""
    response.set_cookie(
        SAVED_FORM,
        request.form.get("submission_key", "")[:64],
        max_age=3600,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=False,  # read by draft.js; names a form, opens nothing
    )
    return response
