"""What is changed of topics and of who answers for what."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict, TypeVar, Unpack

from flask_babel import gettext as _
from sqlalchemy import select

from crm.accounts.models import Unit, User
from crm.audit.recording import record, record_removal
from crm.extensions import db
from crm.organisations.models import Organisation
from crm.responsibilities import rules
from crm.responsibilities.models import Responsibility, Topic
from crm.sites.models import Site
from crm.web.validation import Invalid, check_version

Thing = TypeVar("Thing", Responsibility, Topic)
OWN_FIELDS = (*rules.SCOPE, "user_id", "unit_id", "deputy_id", "phone_hours", "note")
TOPIC_FIELDS = ("name_nb", "name_nn", "name_en", "words_no", "words_en", "working_days", "is_retired")
TOPICS_FILE = Path(__file__).with_name("topics.json")
DEFAULT_DAYS = 3


class ResponsibilityValues(TypedDict, total=False):
    """A responsibility's own fields; what is left out stays as it is."""

    topic_id: int | None
    focus_area: int | None
    industry_prefix: str | None
    organisation_kind: str | None
    site_id: int | None
    organisation_id: int | None
    user_id: int | None
    unit_id: int | None
    deputy_id: int | None
    phone_hours: str | None
    note: str | None


class TopicValues(TypedDict, total=False):
    """A topic's own fields; what is left out stays as it is. Words are a list, or a text with commas between."""

    name_nb: str | None
    name_nn: str | None
    name_en: str | None
    words_no: Sequence[str] | str | None
    words_en: Sequence[str] | str | None
    working_days: int | None
    is_retired: bool


def create_responsibility(*, actor: User | None, **values: Unpack[ResponsibilityValues]) -> Responsibility:
    """Somebody answers for something from now on. Raises Invalid by field."""
    return _save(Responsibility(), actor, values)


def update_responsibility(
    responsibility: Responsibility,
    *,
    actor: User,
    version: int | None,
    **values: Unpack[ResponsibilityValues],
) -> Responsibility:
    """Change what is given. `version` is what the writer read; None takes any. Raises Invalid or Stale."""
    _lock(responsibility, version)
    return _save(responsibility, actor, values)


def remove_responsibility(responsibility: Responsibility, *, actor: User, version: int | None = None) -> None:
    """Only the audit log knows of it afterwards. Raises Stale."""
    _lock(responsibility, version)
    record_removal(responsibility, actor=actor)


def create_topic(*, actor: User | None, key: str | None = None, **values: Unpack[TopicValues]) -> Topic:
    """A topic of one's own. Raises Invalid by field."""
    return _save_topic(Topic(key=key), actor, values)


def update_topic(topic: Topic, *, actor: User, version: int | None, **values: Unpack[TopicValues]) -> Topic:
    """Change what is given. `version` is what the writer read; None takes any. Raises Invalid or Stale."""
    _lock(topic, version)
    return _save_topic(topic, actor, values)


def load_topics(*, actor: User | None = None) -> list[Topic]:
    """The topics that ship with the product and were never loaded, newly made. What an administrator has changed or
    retired stays as it is, and a topic of their own with the same name stands in for the shipped one.
    """
    known = {value for row in db.session.execute(select(Topic.key, Topic.name_nb)) for value in row}
    return [
        create_topic(
            actor=actor,
            key=one["key"],
            name_nb=one["nb"],
            name_nn=one["nn"],
            name_en=one["en"],
            words_no=one["no"],
            words_en=one["english"],
            working_days=one["working_days"],
        )
        for one in json.loads(TOPICS_FILE.read_text(encoding="utf-8"))
        if not known & {one["key"], one["nb"]}
    ]


def _lock(thing: Any, version: int | None) -> None:
    """From here on nobody else changes it before the transaction ends. Raises Stale."""
    kind = type(thing)
    current = db.session.scalar(select(kind.version).where(kind.id == thing.id).with_for_update())
    if current != thing.version:
        db.session.refresh(thing)
    check_version(thing, version)


def _save(responsibility: Responsibility, actor: User | None, values: ResponsibilityValues) -> Responsibility:
    given = {name: values.get(name, getattr(responsibility, name)) for name in OWN_FIELDS}
    given, found = rules.checked_responsibility(given)
    found = _missing(responsibility, given) | found
    if found:
        raise Invalid(found)
    return _written(responsibility, given, actor)


def _missing(was: Responsibility, given: dict[str, Any]) -> rules.Problems:
    """What is named and is not there, or cannot be chosen any more and was not chosen before."""
    found: rules.Problems = {}
    kinds = {"topic_id": Topic, "site_id": Site, "organisation_id": Organisation, "user_id": User}
    for name, kind in (kinds | {"deputy_id": User, "unit_id": Unit}).items():
        if given[name] is None or given[name] == getattr(was, name):
            continue
        one = db.session.get(kind, given[name])
        gone = one is None or getattr(one, "is_binned", False) or getattr(one, "is_retired", False)
        if gone or (isinstance(one, User) and (not one.is_active or one.is_service)):
            found[name] = [_("Choose one from the list")]
    return found


def _save_topic(topic: Topic, actor: User | None, values: TopicValues) -> Topic:
    defaults = {"words_no": [], "words_en": [], "working_days": DEFAULT_DAYS, "is_retired": False}
    present = {name: getattr(topic, name) for name in TOPIC_FIELDS}
    if topic.id is None:
        present |= defaults
    given, found = rules.checked_topic(present | dict(values))
    taken = select(Topic.id).where(Topic.name_nb == given["name_nb"], Topic.id.is_distinct_from(topic.id))
    if not found.get("name_nb") and db.session.scalar(taken) is not None:
        found["name_nb"] = [_("Another topic has this name")]
    if found:
        raise Invalid(found)
    return _written(topic, given, actor)


def _written(thing: Thing, given: dict[str, Any], actor: User | None) -> Thing:
    for name, value in given.items():
        if getattr(thing, name) != value:
            setattr(thing, name, value)
    record(thing, actor=actor)
    return thing
