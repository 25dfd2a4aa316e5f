"""Reasons in words. Each is put into the reader's language when it is read, since answers are made before it is known."""

from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.organisations.models import OrganisationKind
from crm.organisations.presentation import labels_of
from crm.responsibilities.facts import Answering, Ours, TopicFacts
from crm.web.formatting import day as in_words
from crm.web.locale import language

ACCOUNT_MANAGER = _l("Account manager")
NOBODY = _l("Nobody is responsible for this")
PRIMARY = _l("Their primary contact")
MANAGING_DIRECTOR = _l("Managing director")


def scope_in_words(one: Answering, ours: Ours, organisation: str | None = None) -> str:
    """“premises and plots at Berger, industry 62”; the organisation by its name, or as the one that is spoken of."""
    named = ours.topics.get(one.topic_id or 0)
    topic = named.name(language()) if named is not None else None
    place = ours.sites.get(one.site_id or 0)
    site = place.name if place is not None else None
    if one.site_id is not None and site is None:
        site = str(_("a site in the bin"))
    first = within(topic) if topic else site
    if topic and site:
        first = _("%(topic)s at %(site)s", topic=within(topic), site=site)
    parts = [
        first,
        (organisation or _("this organisation")) if one.organisation_id is not None else None,
        _("industry %(code)s", code=one.industry_prefix) if one.industry_prefix else None,
        within(labels_of(OrganisationKind)[one.organisation_kind]) if one.organisation_kind else None,
        _("focus area %(number)s", number=one.focus_area) if one.focus_area is not None else None,
    ]
    return ", ".join(str(part) for part in parts if part)


def within(label: Any) -> str:
    """A label as it reads inside a sentence."""
    text = str(label)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def answers_for(one: Answering, ours: Ours) -> Any:
    return LazyString(lambda: str(_("Answers for %(what)s", what=scope_in_words(one, ours))))


def met_last(on: date) -> Any:
    return LazyString(lambda: str(_("Met them last, %(day)s", day=in_words(on))))


def deputy_of(why: Any, name: str, until: date) -> Any:
    return LazyString(
        lambda: str(
            _(
                "%(why)s: %(name)s is away until %(day)s, this is the deputy",
                why=why,
                name=name,
                day=in_words(until),
            )
        )
    )


def nobody_stands_in(why: Any, name: str, until: date, deputy: str | None) -> Any:
    """Where somebody is away and no deputy is there; `deputy` is who was named and is away, too."""

    def words() -> str:
        about = {"why": why, "name": name, "day": in_words(until)}
        if deputy is None:
            return str(_("%(why)s: %(name)s is away until %(day)s and has no deputy", **about))
        return str(
            _(
                "%(why)s: %(name)s is away until %(day)s, and so is the deputy %(deputy)s",
                deputy=deputy,
                **about,
            )
        )

    return LazyString(words)


def after_somebody(why: Any) -> Any:
    return LazyString(lambda: str(_("%(why)s: deputy of somebody who has left", why=why)))


def their_person_for_site(name: str) -> Any:
    return LazyString(lambda: str(_("Their contact for %(site)s", site=name)))


def their_person_for(topic: TopicFacts) -> Any:
    return LazyString(lambda: str(_("Their person for %(topic)s", topic=within(topic.name(language())))))
