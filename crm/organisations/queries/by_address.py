"""Whom an e-mail address belongs to: contacts by it, organisations by its domain. Exactly, never by a guess."""

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from crm.accounts.models import User
from crm.extensions import db
from crm.organisations.models import Affiliation, Contact, Organisation

PUBLIC_PROVIDERS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.no",
        "hotmail.com",
        "hotmail.no",
        "live.com",
        "live.no",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "yahoo.com",
        "yahoo.no",
        "online.no",
        "broadpark.no",
        "getmail.no",
        "start.no",
        "frisurf.no",
        "altibox.no",
        "lyse.net",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "gmx.com",
        "gmx.net",
        "aol.com",
        "mail.com",
        "fastmail.com",
        "zoho.com",
        "hey.com",
    ]
)
"""Domains whose addresses say nothing of where somebody works."""
MOST_DOMAINS, MOST_ROWS = 40, 400


def domain_of(email: str | None) -> str:
    return (email or "").rpartition("@")[2].lower()


def host_of(website: str | None) -> str:
    try:
        host = urlsplit(website or "").hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")


def own_domains() -> frozenset[str]:
    """The office's own domains: those of its users and of the product's own address."""
    emails = db.session.scalars(
        select(User.email).where(User.deactivated_at.is_(None), User.is_service.is_(False))
    ).all()
    found = {domain_of(email) for email in (*emails, *own_addresses())}
    return frozenset(found - PUBLIC_PROVIDERS - {""})


def own_addresses() -> set[str]:
    settings = current_app.config["CRM"]
    mailbox = settings.mailbox
    return {settings.mail_from.lower(), *({mailbox.user.lower()} if mailbox else ())}


def contacts_with(emails: set[str]) -> Sequence[Contact]:
    if not emails:
        return []
    return db.session.scalars(
        select(Contact)
        .where(Contact.email.in_(sorted(emails)), Contact.deleted_at.is_(None))
        .options(selectinload(Contact.affiliations).joinedload(Affiliation.organisation))
        .order_by(Contact.sort_key, Contact.id)
    ).all()


def organisations_by_domain(domains: set[str]) -> dict[str, list[int]]:
    """Ids by domain: of organisations whose e-mail address or website has it."""
    wanted = sorted(domain for domain in domains if re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain))
    if not wanted:
        return {}
    o = Organisation
    clauses = [
        or_(
            o.email.endswith(f"@{domain}", autoescape=True),
            func.lower(o.website).contains(domain, autoescape=True),
        )
        for domain in wanted[:MOST_DOMAINS]
    ]
    rows = db.session.execute(
        select(o.id, o.email, o.website)
        .where(o.deleted_at.is_(None), or_(*clauses))
        .order_by(o.sort_key, o.id)
        .limit(MOST_ROWS)
    ).all()
    found: dict[str, list[int]] = {}
    for identity, email, website in rows:
        for domain in {domain_of(email), host_of(website)} & set(wanted):
            found.setdefault(domain, []).append(identity)
    return found


def places_of(contact: Contact, day: date) -> list[int]:
    """The organisations that the contact belongs to on the day, each once."""
    at = day.date() if hasattr(day, "date") else day
    return list(
        dict.fromkeys(
            affiliation.organisation_id
            for affiliation in contact.affiliations
            if not affiliation.organisation.is_binned
            and (affiliation.ended_on is None or affiliation.ended_on >= at)
            and (affiliation.started_on is None or affiliation.started_on <= at)
        )
    )
