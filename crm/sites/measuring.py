"""Areas and power as people write them: "25 daa", "2,5 ha", "25 000 m2"; "2 MW", "500 kW". Pure."""

import re

from flask_babel import gettext as _

from crm.web.formatting import number
from crm.web.forms.fields import tidy

MOST_AREA, MOST_POWER = 1_000_000_000, 10_000_000
"""Square metres and kilowatts that no business area in Norway comes near."""
SQUARE_METRES = {
    "": 1,
    "m2": 1,
    "m²": 1,
    "kvm": 1,
    "kvadratmeter": 1,
    "daa": 1_000,
    "da": 1_000,
    "mål": 1_000,
    "maal": 1_000,
    "dekar": 1_000,
    "ha": 10_000,
    "hektar": 10_000,
    "km2": 1_000_000,
    "km²": 1_000_000,
}
KILOWATTS = {"": 1, "kw": 1, "kilowatt": 1, "mw": 1_000, "megawatt": 1_000, "gw": 1_000_000}
_MEASURE = re.compile(r"(\d[\d .,]*?) ?([^\W\d_]*[2²]?)\.?")
_GROUPED = re.compile(r"\d{1,3}(?:[ .]\d{3})+")


def area(typed: str) -> int | None:
    """Square metres, where no unit was written as well; None for nothing. Raises ValueError with what to mend."""
    problem = _("Enter an area with its unit, such as 25 daa, 2,5 ha or 25 000 m²")
    return _measured(typed, SQUARE_METRES, MOST_AREA, problem)


def power(typed: str) -> int | None:
    """Kilowatts, where no unit was written as well; None for nothing. Raises ValueError with what to mend."""
    return _measured(typed, KILOWATTS, MOST_POWER, _("Enter power with its unit, such as 2 MW or 500 kW"))


def _measured(typed: str, units: dict[str, int], most: int, problem: str) -> int | None:
    text = tidy(typed).lower()
    if not text:
        return None
    found = _MEASURE.fullmatch(text)
    if found is None or found[2] not in units:
        raise ValueError(problem)
    amount = _amount(found[1].strip())
    if amount is None:
        raise ValueError(problem)
    measured = round(amount * units[found[2]])
    if measured > most:
        raise ValueError(_("This is more than there can be. Look at the unit"))
    return measured


def _amount(digits: str) -> float | None:
    """“25 000”, “25.000” and “1.250,5” as Norwegians write them, “2.5” as programs do; None for anything else, and for
    “25,000”, which is twenty-five to some and thousands to others.
    """
    whole, comma, decimals = digits.partition(",")
    if comma:
        if not decimals.isdigit() or len(decimals) == 3 or not (whole.isdigit() or _GROUPED.fullmatch(whole)):
            return None
        return float(f"{re.sub(r'[ .]', '', whole)}.{decimals}")
    if digits.isdigit() or _GROUPED.fullmatch(digits):
        return float(re.sub(r"[ .]", "", digits))
    return float(digits) if re.fullmatch(r"\d+\.\d+", digits) else None


def area_in_words(square_metres: int | None) -> str:
    """“800 m²”; from a decare on in both, “25 000 m² (25 daa)”; empty where nobody knows."""
    if square_metres is None:
        return ""
    metres = f"{number(square_metres)}\u00a0m²"
    if square_metres < 1_000:
        return metres
    decares = round(square_metres / 1_000, 1)
    return f"{metres} ({number(int(decares) if decares.is_integer() else decares)}\u00a0daa)"


def power_in_words(kilowatts: int | None) -> str:
    """“500 kW”; from a megawatt on “2,5 MW”; empty where nobody knows."""
    if kilowatts is None:
        return ""
    if kilowatts < 1_000:
        return f"{number(kilowatts)}\u00a0kW"
    megawatts = kilowatts / 1_000
    return f"{number(int(megawatts) if megawatts.is_integer() else megawatts)}\u00a0MW"


def area_range(least: int | None, most: int | None) -> str:
    """“12–20 daa”, “800–1 500 m²”; one of them where there is but one; empty where there is none."""
    ends = [one for one in dict.fromkeys([least, most]) if one is not None]
    if not ends:
        return ""
    if min(ends) < 1_000:
        return f"{'–'.join(number(one) for one in ends)}\u00a0m²"
    decares = [round(one / 1_000, 1) for one in ends]
    return f"{'–'.join(number(int(one) if one.is_integer() else one) for one in decares)}\u00a0daa"
