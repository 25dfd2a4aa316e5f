from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from crm.accounts.models import User
from crm.audit.recording import record
from crm.plan.mapping import Pair, pair_errors
from crm.plan.models import Plan
from crm.plan.operations.saving import wait_for_others
from crm.plan.queries import whole_plan
from crm.web.validation import Invalid


@dataclass(frozen=True, slots=True)
class MapOutcome:
    """What a mapping did: how many measures continue another one now, or none any longer; and what has no
    counterpart, by code.
    """

    changed: int
    mapped: int
    old_left: list[str]
    new_left: list[str]


def map_plan(*, old_id: int, new_id: int, pairs: Sequence[Pair], actor: User | None) -> MapOutcome:
    """Let measures of the newer plan continue those of the older that they are paired with.

    A newer measure whose pair has no older one continues none; measures that no pair names stay as they are.
    Raises Invalid, with nothing written, where a plan or a code is not there or the older plan does not come first.
    """
    wait_for_others()
    old, new = both_plans(old_id, new_id)
    olds, news = ({measure.code: measure for measure in plan.measures} for plan in (old, new))
    if errors := pair_errors(pairs, olds, news, splits=True):
        raise Invalid({"pairs": list(errors)})
    changed = 0
    for before, after in pairs:
        if after is not None:
            news[after].continues_id = olds[before].id if before is not None else None
            changed += record(news[after], actor=actor) is not None
    continued = {measure.continues_id for measure in new.measures}
    ids = {measure.id for measure in old.measures}
    return MapOutcome(
        changed=changed,
        mapped=sum(measure.continues_id in ids for measure in new.measures),
        old_left=[measure.code for measure in old.measures if measure.id not in continued],
        new_left=[measure.code for measure in new.measures if measure.continues_id not in ids],
    )


def both_plans(old_id: int, new_id: int) -> tuple[Plan, Plan]:
    """The plans, the older first. Raises Invalid where one is not there, or the newer does not follow the older."""
    old, new = whole_plan(old_id), whole_plan(new_id)
    if old is None or new is None:
        raise Invalid({"plan_id": [_("There is no such plan")]})
    if old.ends_on >= new.starts_on:
        raise Invalid(
            {"plan_id": [_("“%(old)s” must end before “%(new)s” begins", old=old.title, new=new.title)]}
        )
    return old, new
