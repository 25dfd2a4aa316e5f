"""The action plan for 2022–2024 that ships with the product: structure, own short labels, targets and hints.

The official wording is not here. It comes from the customer's own document, through `crm.plan.documents`.
"""

from crm.plan.catalogue.loading import load_catalogue
from crm.plan.catalogue.structure import (
    Catalogue,
    CatalogueFocusArea,
    CatalogueGoal,
    CatalogueMeasure,
    CatalogueStrategy,
    CatalogueTarget,
    ShortLabels,
    StrategyPeriod,
)

__all__ = [
    "Catalogue",
    "CatalogueFocusArea",
    "CatalogueGoal",
    "CatalogueMeasure",
    "CatalogueStrategy",
    "CatalogueTarget",
    "ShortLabels",
    "StrategyPeriod",
    "load_catalogue",
]
