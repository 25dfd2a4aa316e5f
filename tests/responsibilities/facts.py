"""Colleagues, topics and sites as routing looks at them, without a database."""

from dataclasses import replace
from datetime import date, timedelta

from crm.responsibilities.facts import Answering, Asked, Away, Caller, Colleague, Ours, SiteFacts, TopicFacts

DAY = date(2026, 11, 24)
NAMES = {1: "Anne", 2: "Bjørn", 3: "Carl", 4: "Dina", 5: "Erik"}
PREMISES, FUNDING, OLD = 1, 2, 3
BERGER, HEIA = 1, 2
OFFICE, PLANNING = 1, 2


def away(days=6, deputy=None):
    return Away(DAY - timedelta(days=1), DAY + timedelta(days=days), deputy)


def people(**changes):
    """The five colleagues; `_1=away()` makes the first absent, `_2=None` lets the second have left."""
    found = {}
    for number, name in NAMES.items():
        unit = OFFICE if number < 4 else PLANNING
        one = Colleague(number, name, name.lower(), f"+4722{number}", f"{name}@x.example", unit, True)
        change = changes.get(f"_{number}", one)
        if change is None:
            one = replace(one, is_active=False)
        elif change is not one:
            one = replace(one, absences=(change,))
        found[number] = one
    return found


def ours(*answering, **changes):
    return Ours(
        colleagues=people(**changes),
        units={OFFICE: "Næring", PLANNING: "Plan og bygg"},
        topics={
            PREMISES: TopicFacts(PREMISES, {"nb": "Lokaler"}, ("lokaler", "tomt"), 3, False),
            FUNDING: TopicFacts(FUNDING, {"nb": "Tilskudd"}, ("tilskudd",), 3, False),
            OLD: TopicFacts(OLD, {"nb": "Gammelt"}, ("gammelt",), 3, True),
        },
        sites={
            BERGER: SiteFacts(BERGER, "Berger", ("berger",), 70, frozenset({3})),
            HEIA: SiteFacts(HEIA, "Heia", ("heia",), None, frozenset()),
        },
        answering=[Answering(number, **one) for number, one in enumerate(answering, 1)],
    )


ASKED = Asked(DAY)
ABOUT_PREMISES = Asked(DAY, topic_id=PREMISES)
COMPANY = Caller(50, account_manager_id=1, deputy_id=2, kind="company", industry_code="62.010")
UNKEPT = Caller(51, kind="company", industry_code="62.010")
TRANSPORT = {"industry_prefix": "62", "user_id": 3}
