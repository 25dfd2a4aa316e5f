"""What makes topics and responsibilities valid; shared by pages, API and commands. Pure."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from crm.database import folded
from crm.organisations.models import OrganisationKind
from crm.web.formatting import number
from crm.web.forms.fields import tidy, tidy_text

Problems = dict[str, list[Any]]

SCOPE = ("topic_id", "focus_area", "industry_prefix", "organisation_kind", "site_id", "organisation_id")
NAME_LENGTH, HOURS_LENGTH, WORD_LENGTH, NOTE_LENGTH = 80, 120, 60, 2_000
MOST_WORDS, MOST_DAYS, MOST_AREAS = 60, 60, 99
INDUSTRY = re.compile(r"\d{2}(\.\d{1,3})?|\d", re.ASCII)


def checked_responsibility(given: dict[str, Any]) -> tuple[dict[str, Any], Problems]:
    """The values as they are kept, and what is wrong with them."""
    found: Problems = {}
    values = dict(given)
    values["industry_prefix"] = tidy(given["industry_prefix"] or "") or None
    values["phone_hours"] = tidy(given["phone_hours"] or "") or None
    values["note"] = tidy_text(given["note"] or "") or None
    if all(values[name] is None for name in SCOPE):
        found["topic_id"] = [_("Say what they answer for: a topic, a site or one of the others")]
    if (values["user_id"] is None) == (values["unit_id"] is None):
        found["user_id"] = [_("Choose either a user or a unit")]
    if values["deputy_id"] is not None and values["user_id"] is None:
        found["deputy_id"] = [_("A unit has no deputy. Leave it empty")]
    elif values["deputy_id"] is not None and values["deputy_id"] == values["user_id"]:
        found["deputy_id"] = [_("The deputy must be somebody else")]
    if values["industry_prefix"] and not INDUSTRY.fullmatch(values["industry_prefix"]):
        found["industry_prefix"] = [_("Enter the beginning of an industry code, such as 62 or 62.01")]
    if values["organisation_kind"] not in {None, *OrganisationKind}:
        found["organisation_kind"] = [_("Choose one from the list")]
    area = values["focus_area"]
    if area is not None and not 1 <= area <= MOST_AREAS:
        found["focus_area"] = [_("Choose one from the list")]
    _not_too_long(values, {"phone_hours": HOURS_LENGTH, "note": NOTE_LENGTH}, found)
    return values, found


def checked_topic(given: dict[str, Any]) -> tuple[dict[str, Any], Problems]:
    """The values as they are kept, and what is wrong with them."""
    found: Problems = {}
    values = dict(given)
    for name in ("name_nb", "name_nn", "name_en"):
        values[name] = tidy(given[name] or "") or None
    for name in ("words_no", "words_en"):
        values[name] = _words(given[name], name, found)
    if not values["name_nb"] or not folded(values["name_nb"]):
        found["name_nb"] = [_("Enter a name")]
    days = values["working_days"]
    if days is None or not 0 <= days <= MOST_DAYS:
        found["working_days"] = [_("Enter a number from 0 to %(most)s", most=MOST_DAYS)]
    values["is_retired"] = bool(values["is_retired"])
    _not_too_long(values, dict.fromkeys(("name_nb", "name_nn", "name_en"), NAME_LENGTH), found)
    return values, found


def _not_too_long(values: dict[str, Any], most: dict[str, int], found: Problems) -> None:
    for name, length in most.items():
        if values[name] and len(values[name]) > length:
            found[name] = [_("Shorten this to %(most)s characters", most=number(length))]


def _words(given: str | Iterable[str] | None, name: str, found: Problems) -> list[str]:
    """Each word or phrase once, in the order given; a text has commas or lines between them."""
    parts = re.split(r"[,;\n]", given) if isinstance(given, str) else list(given or ())
    words: dict[str, str] = {}
    for part in parts:
        word = tidy(part)
        if folded(word):
            words.setdefault(folded(word), word)
    if len(words) > MOST_WORDS:
        found[name] = [_("Enter at most %(most)s words", most=MOST_WORDS)]
    elif any(len(word) > WORD_LENGTH for word in words.values()):
        found[name] = [_("Shorten each word to %(most)s characters", most=WORD_LENGTH)]
    return list(words.values())
