from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from crm.accounts.directory import directory
from crm.organisations.forms.fields import (
    PickField,
    VersionField,
    WordsField,
    choices,
    optional_id,
    values_of,
)
from crm.organisations.models import OrganisationKind
from crm.organisations.presentation import labels_of
from crm.plan.queries import outlines
from crm.responsibilities.models import Responsibility, Topic
from crm.responsibilities.operations import OWN_FIELDS, TOPIC_FIELDS
from crm.responsibilities.queries import ours
from crm.web.clock import today
from crm.web.forms import Form, NumberField, TextArea, TextField
from crm.web.locale import language


def _optional(value: Any) -> str | None:
    return None if value in {None, "", "None"} else str(value)


class ResponsibilityForm(Form):
    """What is answered for, and by whom. All that is named must hold."""

    topic_id = SelectField(_l("Topic"), coerce=optional_id, validate_choice=False)
    site_id = SelectField(_l("Site"), coerce=optional_id, validate_choice=False)
    organisation_id = PickField(_l("Organisation"), name="organisation")
    organisation_kind = SelectField(_l("Kind of organisation"), coerce=_optional, validate_choice=False)
    industry_prefix = TextField(
        _l("Beginning of the industry code"),
        description=_l("Such as 62, or 62.01 for a part of it. A longer one is more specific."),
    )
    focus_area = SelectField(_l("Focus area"), coerce=optional_id, validate_choice=False)
    user_id = SelectField(_l("User"), coerce=optional_id, validate_choice=False)
    unit_id = SelectField(
        _l("Unit"),
        coerce=optional_id,
        validate_choice=False,
        description=_l("Where nobody in particular answers: enquiries go to the unit's queue."),
    )
    deputy_id = SelectField(
        _l("Deputy"),
        coerce=optional_id,
        validate_choice=False,
        description=_l("Named while the user is away. Without one, whoever the absence names."),
    )
    phone_hours = TextField(_l("Telephone hours"), description=_l("Such as: weekdays 9 to 15."))
    note = TextArea(_l("Note"))
    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept, plan = ours(), outlines().covering(today())
        topics = [
            (key, topic.name(language()))
            for key, topic in kept.topics.items()
            if not topic.is_retired or key == self.topic_id.data
        ]
        areas = [(area.code, f"{area.code} {area.label(language())}") for area in plan.tree.focus_areas] if plan else []  # fmt: skip
        people = [(one.id, one.name) for one in directory().colleagues(self.user_id.data, self.deputy_id.data)]  # fmt: skip
        any_, none = _("Any"), _("Nobody in particular")
        self._offer(self.topic_id, any_, topics)
        self._offer(self.site_id, any_, [(key, site.name) for key, site in kept.sites.items()])
        self._offer(self.organisation_kind, any_, labels_of(OrganisationKind).items())
        self._offer(self.focus_area, any_, areas)
        self._offer(self.user_id, none, people)
        self._offer(self.unit_id, _("None"), kept.units.items())
        self._offer(self.deputy_id, none, people)

    @staticmethod
    def _offer(field: Any, nothing: Any, offered: Iterable[tuple[Any, Any]]) -> None:
        field.choices = choices([("", nothing), *((str(key), label) for key, label in offered)])

    def values(self) -> dict[str, Any]:
        return values_of(self)


def responsibility_values(responsibility: Responsibility) -> dict[str, Any]:
    return {name: getattr(responsibility, name) for name in OWN_FIELDS}


class TopicForm(Form):
    constraint_errors = {  # noqa: RUF012  read only
        name: ("name_nb", _l("Another topic has this name"))
        for name in ("uq_topics_name_nb", "topics.name_nb")
    }

    name_nb = TextField(_l("Name in bokmål"))
    name_nn = TextField(_l("Name in nynorsk"))
    name_en = TextField(_l("Name in English"))
    words_no = WordsField(
        _l("Norwegian words for it"),
        description=_l("What callers say, with commas between: tomt, lokale, kontorplass."),
    )
    words_en = WordsField(_l("English words for it"))
    working_days = NumberField(
        _l("Working days to an answer"),
        description=_l("How long an enquiry about it may wait for its answer. 0 is the same day."),
    )
    is_retired = BooleanField(
        _l("Retired"), description=_l("No longer offered. What was tagged with it stays as it is.")
    )
    version = VersionField()

    def values(self) -> dict[str, Any]:
        return values_of(self)


def topic_values(topic: Topic) -> dict[str, Any]:
    return {name: getattr(topic, name) for name in TOPIC_FIELDS}
