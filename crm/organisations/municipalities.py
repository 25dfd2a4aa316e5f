"""Names of municipalities near the first customer, by number. Data, not rules: a number not listed here is as valid,
and is shown as it stands.
"""

NAMES = {
    "0301": "Oslo",
    "3101": "Halden",
    "3103": "Moss",
    "3105": "Sarpsborg",
    "3107": "Fredrikstad",
    "3118": "Indre Østfold",
    "3201": "Bærum",
    "3203": "Asker",
    "3205": "Lillestrøm",
    "3207": "Nordre Follo",
    "3209": "Ullensaker",
    "3212": "Nesodden",
    "3214": "Frogn",
    "3216": "Vestby",
    "3218": "Ås",
    "3220": "Enebakk",
    "3222": "Lørenskog",
    "3224": "Rælingen",
    "3226": "Aurskog-Høland",
    "3228": "Nes",
    "3230": "Gjerdrum",
    "3232": "Nittedal",
    "3234": "Lunner",
    "3236": "Jevnaker",
    "3238": "Nannestad",
    "3240": "Eidsvoll",
    "3242": "Hurdal",
    "3301": "Drammen",
    "3401": "Kongsvinger",
    "3403": "Hamar",
    "4601": "Bergen",
    "5001": "Trondheim",
}


def municipality(number: str | None) -> str:
    """The name, else the number; empty where there is none."""
    return NAMES.get(number, number) if number else ""
