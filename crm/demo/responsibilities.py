"""Who answers for what in the office of the demo: topics, sites, industries and kinds. Energy is left without anybody, and two
answer for transport, so that the page of gaps and overlaps has something to show.
"""

from typing import Any

from sqlalchemy import select

from crm.accounts.models import Unit, User
from crm.extensions import db
from crm.responsibilities.models import Topic
from crm.responsibilities.operations import create_responsibility, load_topics
from crm.sites.models import Site

_ANSWERS: tuple[tuple[dict[str, Any], str, str | None, str | None], ...] = (
    ({"topic": "funding"}, "farid.radgiver", None, "Hverdager 9–15"),
    ({"topic": "premises"}, "kari.radgiver", "havard.radgiver", "Hverdager 9–15"),
    ({"topic": "premises", "site": "Kjeller"}, "jonas.radgiver", "kari.radgiver", None),
    ({"topic": "planning"}, "Plan og byutvikling", None, "Hverdager 10–14"),
    ({"topic": "planning", "site": "Berger"}, "ingrid.radgiver", "tor-arne.radgiver", "Tirsdag og torsdag 10–14"),
    ({"topic": "procurement"}, "morten.leder", None, None),
    ({"topic": "startup"}, "marta.radgiver", "ase.radgiver", "Hverdager 9–15"),
    ({"topic": "skills"}, "ase.radgiver", "marta.radgiver", None),
    ({"topic": "tourism"}, "havard.radgiver", None, None),
    ({"topic": "agriculture"}, "tor-arne.radgiver", None, "Hverdager 10–14"),
    ({"topic": "events"}, "Servicetorget", None, "Hverdager 8–15.30"),
    ({"topic": "licences"}, "Servicetorget", None, "Hverdager 8–15.30"),
    ({"topic": "transport"}, "ingrid.radgiver", None, None),
    ({"topic": "transport"}, "tor-arne.radgiver", None, None),
    ({"topic": "research"}, "jonas.radgiver", "kari.radgiver", None),
    ({"topic": "schools"}, "ase.radgiver", None, None),
    ({"topic": "establishment"}, "kari.radgiver", "jonas.radgiver", "Hverdager 9–15"),
    ({"site": "Berger"}, "kari.radgiver", "havard.radgiver", None),
    ({"site": "Heia"}, "havard.radgiver", "kari.radgiver", None),
    ({"site": "Kjeller"}, "jonas.radgiver", "kari.radgiver", None),
    ({"organisation_kind": "university"}, "jonas.radgiver", "ase.radgiver", None),
    ({"organisation_kind": "startup_hub"}, "marta.radgiver", "ase.radgiver", None),
    ({"focus_area": 1}, "farid.radgiver", "kari.radgiver", None),
    ({"focus_area": 2}, "marta.radgiver", "ase.radgiver", None),
    ({"industry_prefix": "62"}, "jonas.radgiver", "marta.radgiver", None),
    ({"industry_prefix": "49"}, "havard.radgiver", None, None),
)  # fmt: skip
"""For what, who by the beginning of their address or which unit, the deputy, and when they answer the telephone."""


def answer_for_topics() -> int:
    """Loads the topics and says who answers for them; for sites where there are any. Returns how many rows were written."""
    load_topics()
    topics = {topic.key: topic.id for topic in db.session.scalars(select(Topic))}
    sites = list(db.session.scalars(select(Site).where(Site.deleted_at.is_(None)).order_by(Site.id)))
    users = {user.email.partition("@")[0]: user.id for user in db.session.scalars(select(User))}
    units = {unit.name: unit.id for unit in db.session.scalars(select(Unit))}
    written = len(topics)
    for scope, who, deputy, hours in _ANSWERS:
        site = next((one.id for one in sites if one.name.startswith(scope.get("site", "\0"))), None)
        if "site" in scope and site is None:
            continue
        create_responsibility(
            actor=None,
            topic_id=topics.get(scope.get("topic")),
            site_id=site,
            focus_area=scope.get("focus_area"),
            organisation_kind=scope.get("organisation_kind"),
            industry_prefix=scope.get("industry_prefix"),
            user_id=users.get(who),
            unit_id=units.get(who),
            deputy_id=users.get(deputy or ""),
            phone_hours=hours,
        )
        written += 1
    return written
