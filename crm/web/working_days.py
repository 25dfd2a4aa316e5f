"""Which days the office is open."""

from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Monday to Friday, but for Norway's public holidays."""
    return day.weekday() < SATURDAY and day not in _holidays()


@cache
def _holidays() -> Any:
    """Loaded when first asked for: the library brings all countries along, and pages have no use for its 19 MB."""
    return import_module("holidays.countries.norway").Norway()
