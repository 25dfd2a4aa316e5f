"""Carries a document from its preview to the confirmation: in the form itself, signed, and kept nowhere.

What a person looked at is what is imported; the browser can hold it, but not change it.
"""

from dataclasses import asdict, replace
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from crm.plan.catalogue import ShortLabels
from crm.plan.documents import (
    FocusAreaText,
    GoalText,
    ItemText,
    MeasureText,
    PlanDocument,
    Remark,
    StrategyText,
    Unit,
)
from crm.web.validation import Invalid

MOST_CHARACTERS = 1_500_000
SECONDS = 24 * 60 * 60


def seal(document: PlanDocument, *, user_id: int) -> str:
    """The document as a text that only its user can open again, for a day. Raises Invalid where it is too long."""
    in_words = tuple(Remark(remark.line, str(remark.message)) for remark in document.warnings)
    sealed = _serializer(user_id).dumps(asdict(replace(document, warnings=in_words)))
    if len(sealed) > MOST_CHARACTERS:
        raise Invalid(
            {"document": [_("The plan's text is too long to be shown here. Ask an administrator.")]}
        )
    return str(sealed)


def unseal(sealed: str, *, user_id: int) -> PlanDocument | None:
    """The document, or None where the text is too old, somebody else's or changed."""
    try:
        return _document(_serializer(user_id).loads(sealed, max_age=SECONDS))
    except BadData:
        return None


def _serializer(user_id: int) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"plan document of user {user_id}")


def _document(data: dict[str, Any]) -> PlanDocument:
    return PlanDocument(
        unit=Unit(data["unit"]),
        title=data["title"],
        title_line=data["title_line"],
        main_goals=tuple(GoalText(**_item(goal)) for goal in data["main_goals"]),
        impact_goals=tuple(GoalText(**_item(goal)) for goal in data["impact_goals"]),
        focus_areas=tuple(
            FocusAreaText(**_item(area, strategies=tuple(map(_strategy, area["strategies"]))))
            for area in data["focus_areas"]
        ),
        warnings=tuple(Remark(**remark) for remark in data["warnings"]),
    )


def _strategy(data: dict[str, Any]) -> StrategyText:
    return StrategyText(
        **_item(
            data,
            sub_strategies=tuple(ItemText(**_item(item)) for item in data["sub_strategies"]),
            measures=tuple(MeasureText(**_item(measure)) for measure in data["measures"]),
        )
    )


def _item(data: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {**data, "labels": ShortLabels(**data["labels"]), **parts}
