"""Each reason for and against a site, and the order that follows."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from crm.establishments.matching import Sought, Verdict, matches, reasons

AREAS = {1: "Research", 5: "Business areas"}
DAY, LATER = date(2027, 1, 1), date(2027, 8, 1)


@dataclass
class Offered:
    id: int = 1
    name: str = "Berger"
    sort_key: str = "berger"
    regulation: str | None = "ready"
    free_area: int | None = None
    power: int | None = None
    free_from: date | None = None
    premises: list[str] = field(default_factory=list)
    focus_areas: list[int] = field(default_factory=list)


def told(need, offer):
    """(verdict, words) of the one reason that the need gives besides the zoning."""
    found = [one for one in reasons(need, offer, focus_areas=AREAS) if one.words != "Ready to build on"]
    assert len(found) == 1
    return found[0].verdict.value, found[0].words.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("need", "offer", "verdict", "words"),
    [
        (Sought(area_from=10_000), Offered(free_area=10_000), "fits", "Enough free area: 10,000 m² (10 daa)"),
        (Sought(area_from=10_000), Offered(free_area=9_000), "impossible", "short by 1,000 m² (1 daa)"),
        (Sought(area_from=10_000), Offered(), "unknown", "Nobody has written down how much is free"),
        (Sought(area_from=5_000, area_to=10_000), Offered(free_area=7_000), "partly", "not for the most"),
        (Sought(area_from=5_000, area_to=10_000), Offered(free_area=10_000), "fits", "Enough free area"),
        (Sought(area_to=10_000), Offered(free_area=9_000), "impossible", "short by 1,000"),
        (Sought(area_from=0), Offered(free_area=0), "fits", "Enough free area"),
        (
            Sought(premises=["office"]),
            Offered(premises=["office", "plot"]),
            "fits",
            "Has what they seek: Offices",
        ),
        (Sought(premises=["office"]), Offered(premises=["plot"]), "partly", "No offices yet, but a plot"),
        (Sought(premises=["office"]), Offered(premises=["retail"]), "impossible", "Does not offer offices"),
        (
            Sought(premises=["plot", "warehouse"]),
            Offered(premises=["plot"]),
            "partly",
            "Has building plot, but not warehouse and logistics",
        ),
        (Sought(), Offered(regulation="zoning"), "unknown", "Zoning under way"),
        (Sought(premises=["office"]), Offered(), "unknown", "which premises"),
        (Sought(power=2_000), Offered(power=2_000), "fits", "Enough power: 2 MW"),
        (Sought(power=2_000), Offered(power=1_500), "impossible", "Power is short by 500 kW"),
        (Sought(power=2_000), Offered(), "unknown", "how much power"),
        (Sought(needed_from=DAY), Offered(free_from=DAY), "fits", "Free in time: from 1 Jan 2027"),
        (Sought(needed_from=DAY), Offered(free_from=LATER), "misfit", "Free too late: from 1 Aug 2027"),
        (Sought(needed_from=DAY), Offered(), "unknown", "when it is free"),
        (Sought(focus_area=5), Offered(focus_areas=[1, 5]), "fits", "Is to attract them: Business areas"),
        (
            Sought(focus_area=5),
            Offered(focus_areas=[1]),
            "misfit",
            "Is to attract others than Business areas",
        ),
        (Sought(focus_area=5), Offered(), "unknown", "whom it is to attract"),
    ],
)
def test_a_reason_is_told_in_words(in_english, need, offer, verdict, words):
    found, said = told(need, offer)
    assert found == verdict
    assert words in said


@pytest.mark.parametrize(
    ("regulation", "verdict", "words"),
    [
        ("ready", "fits", "Ready to build on"),
        ("zoned", "fits", "Zoned"),
        ("zoning", "unknown", "Nobody knows whether it is done by 1 Jan 2027"),
        ("municipal_plan", "misfit", "In the municipal master plan: hardly ready by 1 Jan 2027"),
        ("unzoned", "misfit", "Not zoned for business: hardly ready by 1 Jan 2027"),
        (None, "unknown", "how far the zoning has come"),
    ],
)
def test_the_zoning_is_told_by_the_day_it_is_needed(in_english, regulation, verdict, words):
    need = Sought(needed_from=DAY)
    found = reasons(need, Offered(regulation=regulation, free_from=DAY), focus_areas={})
    about = next(one for one in found if words in one.words)
    assert about.verdict.value == verdict


def test_what_nobody_asked_for_is_no_reason(in_english):
    everything = Offered(free_area=1, power=1, free_from=DAY, premises=["plot"], focus_areas=[1])
    assert [one.words for one in reasons(Sought(), everything, focus_areas=AREAS)] == ["Ready to build on"]


def test_the_best_come_first_and_what_cannot_hold_them_last(in_english):
    need = Sought(area_from=10_000, premises=["plot"], power=1_000)
    known = {"free_area": 20_000, "premises": ["plot"], "power": 1_000}
    sites = [
        Offered(1, "Små", "sma", **known | {"free_area": 9_999}),
        Offered(2, "Ukjent", "ukjent"),
        Offered(3, "Passer", "passer", **known),
        Offered(4, "Annet passer", "annet passer", **known),
        Offered(5, "Nesten", "nesten", **known | {"power": None}),
    ]
    found = matches(need, sites, focus_areas={})
    assert [one.site.name for one in found] == ["Annet passer", "Passer", "Nesten", "Ukjent", "Små"]
    assert [one.can_hold for one in found] == [True, True, True, True, False]
    assert found[-1].reasons[-1].verdict is Verdict.impossible


def test_an_unknown_is_never_a_fit(in_english):
    need = Sought(area_from=1, area_to=2, premises=["plot"], needed_from=DAY, power=1, focus_area=1)
    found = matches(need, [Offered(regulation=None)], focus_areas=AREAS)[0]
    assert {one.verdict for one in found.reasons} == {Verdict.unknown}
    assert (found.points, found.unknowns) == (0, 6)
