"""What the pages of organisations show of who is right to speak to."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _

from crm.accounts.models import User
from crm.database import sort_key
from crm.responsibilities.facts import Asked, Caller, Theirs
from crm.responsibilities.queries import ours
from crm.responsibilities.routing import RightContact, right_contact
from crm.responsibilities.wording import scope_in_words
from crm.web.clock import today
from crm.web.locale import language


def of_organisation(organisation: Any, _viewer: User) -> Callable[[Sequence[Any]], dict[str, Any]]:
    """The right contact of an organisation, once its page hands in its people: no statement. Who met them last is asked
    for by the page afterwards, where nobody else is named.
    """

    def found(people: Sequence[Any]) -> dict[str, Any]:
        kept = ours()
        caller = Caller(
            organisation.id,
            organisation.account_manager_id,
            organisation.deputy_id,
            organisation.kind,
            organisation.industry_code,
            [_theirs(row) for row in people],
        )
        right: RightContact = right_contact(caller, Asked(today()), kept)
        topics = [(key, one.name(language())) for key, one in kept.topics.items() if not one.is_retired]
        return {"right": right, "topics": topics}

    return found


def of_site(site: Any, _viewer: User) -> RightContact:
    """The right contact for whoever asks about the site: no statement."""
    return right_contact(Caller(), Asked(today(), site_id=site.id), ours())


def of_user(user: Any, _viewer: User) -> list[str]:
    """What a user answers for, in words: no statement."""
    kept = ours()
    named = (
        scope_in_words(one, kept, _("One organisation")) for one in kept.answering if one.user_id == user.id
    )
    return sorted((words[:1].upper() + words[1:] for words in named), key=sort_key)


def _theirs(row: Any) -> Theirs:
    name = f"{row.given_name} {row.family_name}".strip()
    return Theirs(row.contact_id, name, row.title, row.phone, row.email, row.topics or (), bool(row.primary))
