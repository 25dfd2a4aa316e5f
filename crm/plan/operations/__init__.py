from crm.plan.operations.catalogue import load_catalogue_plan
from crm.plan.operations.continuing import continue_plan
from crm.plan.operations.editing import edit_measure
from crm.plan.operations.importing import ImportOutcome, expect_import, expected_title, import_plan
from crm.plan.operations.mapping import MapOutcome, both_plans, map_plan

__all__ = [
    "ImportOutcome",
    "MapOutcome",
    "both_plans",
    "continue_plan",
    "edit_measure",
    "expect_import",
    "expected_title",
    "import_plan",
    "load_catalogue_plan",
    "map_plan",
]
