"""What pages say of an organisation that is not simply one of its fields."""

from enum import StrEnum
from functools import cache

from crm.organisations.models import RelationKind
from crm.web.locale import language


@cache
def _labels(choices: type[StrEnum], _language: str) -> dict[str, str]:
    return {choice.value: str(choice.label) for choice in choices}  # type: ignore[attr-defined]


def labels_of(choices: type[StrEnum]) -> dict[str, str]:
    """What each member of the enum is called in the reader's language."""
    return _labels(choices, language())


@cache
def _inverse_labels(_language: str) -> dict[str, str]:
    return {kind.value: str(kind.inverse_label) for kind in RelationKind}


def inverse_labels() -> dict[str, str]:
    """What each relation is called seen from its other end, in the reader's language."""
    return _inverse_labels(language())
