"""Reads a published action plan into a structure: plain text, Word, or our template as Excel or CSV.

`read_plan(filename, content)` returns a `PlanDocument`, or raises `UnreadableDocument` with the line and the reason.
It is pure: it stores nothing and asks no database. `template_csv()` and `template_xlsx()` make the template.
"""

from crm.plan.documents.errors import UnreadableDocument
from crm.plan.documents.file_type import MAX_FILE_BYTES
from crm.plan.documents.pairs import read_pairs
from crm.plan.documents.reading import read_plan
from crm.plan.documents.structure import (
    FocusAreaText,
    GoalText,
    ItemText,
    Level,
    MeasureText,
    PlanDocument,
    PreviewRow,
    Remark,
    StrategyText,
    Unit,
)
from crm.plan.documents.template import template_csv, template_xlsx

__all__ = [
    "MAX_FILE_BYTES",
    "FocusAreaText",
    "GoalText",
    "ItemText",
    "Level",
    "MeasureText",
    "PlanDocument",
    "PreviewRow",
    "Remark",
    "StrategyText",
    "Unit",
    "UnreadableDocument",
    "read_pairs",
    "read_plan",
    "template_csv",
    "template_xlsx",
]
