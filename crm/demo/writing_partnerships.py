"""The rows of partnerships with universities, year by year."""

from crm.collaborations.models import Collaboration, collaboration_activities
from crm.demo.collaborations import Partnership
from crm.demo.writing import as_created
from crm.demo.writing_arenas import ArenaWriter


class PartnershipWriter(ArenaWriter):
    """A writer that knows partnerships, too."""

    def partnership(self, made: Partnership) -> None:
        """A year of a partnership, whose interaction is written already: how it began, and what became of it."""
        identity, lead = made.logged.id, made.logged.author.id
        self._rows[Collaboration].append(
            (identity, made.year, made.stage.value, made.aim, made.result, lead, made.continues_id)
        )
        self._rows[collaboration_activities].extend((identity, one) for one in made.activities)
        begun = {
            "year": made.year,
            "stage": made.first_stage.value,
            "aim": made.aim,
            "lead_id": lead,
            "continues_id": made.continues_id,
        }
        subject = (Collaboration, identity)
        self._audit(made.logged.created_at, lead, subject, as_created(begun))
        if made.logged.revised_at is not None:
            became = {"stage": [made.first_stage.value, made.stage.value]}
            became |= as_created({"result": made.result, "activities": made.activities})
            self._audit(made.logged.revised_at, lead, subject, became, "changed")
