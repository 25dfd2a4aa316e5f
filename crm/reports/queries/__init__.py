from crm.reports.queries.filter import Period, ReportFilter, Step, periods_between, years_of
from crm.reports.queries.kept import YearNumbers, interactions_by_scope, numbers_and_more, numbers_by_year
from crm.reports.queries.known import known_interactions
from crm.reports.queries.measures import Links, MeasureReport, Row, narrowing
from crm.reports.queries.reached import ReachedQuery, ReachedRow
from crm.reports.queries.signals import Days, NotedQuery, SignalReport
from crm.reports.queries.targets import TargetByPeriod, counted_by_year, target_by_period, targets_of

__all__ = [
    "Days",
    "Links",
    "MeasureReport",
    "NotedQuery",
    "Period",
    "ReachedQuery",
    "ReachedRow",
    "ReportFilter",
    "Row",
    "SignalReport",
    "Step",
    "TargetByPeriod",
    "YearNumbers",
    "counted_by_year",
    "interactions_by_scope",
    "known_interactions",
    "narrowing",
    "numbers_and_more",
    "numbers_by_year",
    "periods_between",
    "target_by_period",
    "targets_of",
    "years_of",
]
