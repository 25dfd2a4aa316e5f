"""What every operation that makes a plan shares."""

from sqlalchemy import select

from crm.accounts.models import User
from crm.audit.recording import record
from crm.extensions import db
from crm.plan.models import Plan


def wait_for_others() -> None:
    """Whoever makes or changes a plan at the same time waits for us from here on, and then sees what we did."""
    db.session.execute(select(Plan.id).with_for_update())


def record_all(plan: Plan, *, actor: User | None) -> None:
    """Flush the plan, and record each new or changed part of it; what had not changed leaves no event."""
    record(plan, actor=actor)
    for goal in plan.goals:
        record(goal, actor=actor)
    for area in plan.focus_areas:
        record(area, actor=actor)
        for strategy in area.strategies:
            record(strategy, actor=actor)
            for measure in strategy.measures:
                record(measure, actor=actor)
                for target in measure.targets:
                    record(target, actor=actor)
