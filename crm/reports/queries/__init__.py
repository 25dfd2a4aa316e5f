from crm.reports.queries.filter import Period, ReportFilter, Step, periods_between, years_of
from crm.reports.queries.kept import YearNumbers, interactions_by_scope, numbers_by_year
from crm.reports.queries.known import known_interactions
from crm.reports.queries.measures import Links, MeasureReport, Row, narrowing
from crm.reports.queries.reached import ReachedQuery, ReachedRow

__all__ = [
    "Links",
    "MeasureReport",
    "Period",
    "ReachedQuery",
    "ReachedRow",
    "ReportFilter",
    "Row",
    "Step",
    "YearNumbers",
    "interactions_by_scope",
    "known_interactions",
    "narrowing",
    "numbers_by_year",
    "periods_between",
    "years_of",
]
