"""A small plan of our own making, as published: what the import tests feed in."""

from crm.extensions import db
from crm.plan.documents import read_plan
from crm.plan.models import FocusArea, Goal, Measure, Plan, Strategy, SubStrategy, Target

TEXT = """Handlingsplan for Fjellvik
Hovedmål
- Det skal være lett å drive bedrift i Fjellvik, hele året.
Effektmål
- Flere arbeidsplasser
1. Bedrifter ved fjorden
Strategi A: Havn og kai
Delstrategier
- Bygge ut kaia sammen med rederiene.
- Holde farleden åpen.
Tiltak
- Besøke rederiene. Spørre hva de trenger, og skrive det ned.
- Regne på en ny kran som kan løfte de største containerne som kommer til havna om vinteren.
Holde frokostmøte på kaia.
Strategi B: Fisk
Tiltak
- Lage kart over mottakene.
2. Fjellet
Strategi A: Heis
Delstrategi
- La folk komme opp.
Tiltak
- Male stolpene.
"""

CODES = ["1.A.1", "1.A.2", "1.A.3", "1.B.1", "2.A.1"]


def plan_text(text: str = TEXT):
    return read_plan("fjellvik.txt", text.encode())


def contents() -> dict[str, list]:
    """All that is kept of plans, to see that nothing has changed."""
    db.session.expire_all()
    return {
        model.__name__: sorted(tuple(row) for row in db.session.execute(db.select(*columns)))
        for model, columns in {
            Plan: (Plan.id, Plan.title, Plan.starts_on, Plan.version),
            Goal: (Goal.id, Goal.wording),
            FocusArea: (FocusArea.id, FocusArea.wording),
            Strategy: (Strategy.id, Strategy.wording),
            SubStrategy: (SubStrategy.id, SubStrategy.wording),
            Measure: (Measure.id, Measure.code, Measure.wording, Measure.version),
            Target: (Target.id, Target.kind),
        }.items()
    }
