"""Areas and power as people write them."""

import pytest

from crm.sites.measuring import area, area_in_words, area_range, power, power_in_words


@pytest.mark.parametrize(
    ("typed", "square_metres"),
    [
        ("25 daa", 25_000),
        ("25daa", 25_000),
        ("25 000 m2", 25_000),
        ("25 000 m²", 25_000),
        ("25\u00a0000\u00a0m²", 25_000),
        ("25.000 kvm", 25_000),
        ("25 mål", 25_000),
        ("25 MÅL.", 25_000),
        ("2,5 ha", 25_000),
        ("2.5 ha", 25_000),
        ("1.250,5 dekar", 1_250_500),
        ("800", 800),
        ("0", 0),
        ("1 km2", 1_000_000),
        ("", None),
        ("  ", None),
    ],
)
def test_an_area_is_understood(in_english, typed, square_metres):
    assert area(typed) == square_metres


@pytest.mark.parametrize(
    "typed", ["mye", "25 acres", "-5 daa", "1,2,3 daa", "25 daa 3", "2500.000.0 m2", "m2", "25,000 m2"]
)
def test_what_is_no_area_tells_how_to_write_one(in_english, typed):
    with pytest.raises(ValueError, match="25 daa"):
        area(typed)


def test_what_nobody_has_is_told(in_english):
    with pytest.raises(ValueError, match="unit"):
        area("9 000 000 ha")


@pytest.mark.parametrize(
    ("typed", "kilowatts"),
    [("2 MW", 2_000), ("500 kW", 500), ("2,5mw", 2_500), ("1 500", 1_500), ("1 GW", 1_000_000), ("", None)],
)
def test_power_is_understood(in_english, typed, kilowatts):
    assert power(typed) == kilowatts


def test_what_is_no_power_tells_how_to_write_it(in_english):
    with pytest.raises(ValueError, match="2 MW"):
        power("mye strøm")


def test_large_areas_are_told_in_both(in_english):
    assert area_in_words(800) == "800\u00a0m²"
    assert area_in_words(25_500) == "25,500\u00a0m² (25.5\u00a0daa)"
    assert area_in_words(None) == ""
    assert power_in_words(2_500) == "2.5\u00a0MW"


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (12_000, 20_000, "12–20\u00a0daa"),
        (800, 1_500, "800–1,500\u00a0m²"),
        (None, 2_500, "2.5\u00a0daa"),
        (5_000, 5_000, "5\u00a0daa"),
        (0, None, "0\u00a0m²"),
        (None, None, ""),
    ],
)
def test_a_range_is_told_shortly(in_english, least, most, words):
    assert area_range(least, most) == words
