"""The parts of a plan as a document's texts make them."""

from itertools import count

from crm.plan.documents import FocusAreaText, GoalText, ItemText, MeasureText, StrategyText
from crm.plan.models import FocusArea, Goal, GoalKind, Labels, Measure, Plan, Strategy, SubStrategy
from crm.plan.rules import short_label


def labels_of(item: ItemText) -> Labels:
    """The labels that the document brings; where it has none in bokmål, one from the wording."""
    return {"nb": short_label(item.wording), **item.labels.as_dict()}


def new_goal(kind: GoalKind, goal: GoalText) -> Goal:
    return Goal(kind=kind, position=goal.number, labels=labels_of(goal), wording=goal.wording)


def new_focus_area(area: FocusAreaText) -> FocusArea:
    """Without its strategies."""
    return FocusArea(number=area.number, labels=labels_of(area), wording=area.wording)


def new_strategy(text: StrategyText) -> Strategy:
    """With its sub-strategies, without its measures."""
    subs = [SubStrategy(position=sub.number, wording=sub.wording) for sub in text.sub_strategies]
    return Strategy(letter=text.letter, labels=labels_of(text), wording=text.wording, sub_strategies=subs)


def new_measure(plan: Plan, text: MeasureText, position: int) -> Measure:
    return Measure(
        plan=plan,
        code=text.code,
        position=position,
        labels=labels_of(text),
        wording=text.wording,
        hints={},
    )


def filled_strategy(plan: Plan, text: StrategyText, positions: "count[int]") -> Strategy:
    """With its measures, counted on."""
    strategy = new_strategy(text)
    strategy.measures = [new_measure(plan, measure, next(positions)) for measure in text.measures]
    return strategy
