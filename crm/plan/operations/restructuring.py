"""Giving a plan the structure of its document, where measures have come to stand elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from crm.accounts.models import User
from crm.audit.recording import record_removal
from crm.extensions import db
from crm.plan.documents import FocusAreaText, MeasureText, PlanDocument, StrategyText
from crm.plan.mapping import LIKE, Pair, likeness, pair_errors
from crm.plan.models import FocusArea, Measure, Plan, Strategy
from crm.plan.operations.making import labels_of, new_focus_area, new_measure, new_strategy
from crm.web.validation import Invalid


def measures_of(plan: Plan) -> list[Measure]:
    """Every measure of a plan that is wholly loaded, in the plan's order."""
    return [
        measure for area in plan.focus_areas for strategy in area.strategies for measure in strategy.measures
    ]


def counterparts(plan: Plan, document: PlanDocument, pairs: Sequence[Pair]) -> dict[str, Measure]:
    """The plan's measures by the codes that they have in the document.

    What no pair names keeps its code, where the document has that and nothing else takes it.
    Raises Invalid for pairs that cannot be used.
    """
    standing = {measure.code: measure for measure in measures_of(plan)}
    codes = {measure.code for measure in document.measures()}
    if errors := pair_errors(pairs, standing, codes, splits=False):
        raise Invalid({"document": list(errors)})
    named_old, named_new = ({pair[side] for pair in pairs} for side in (0, 1))
    same = (codes & standing.keys()) - named_old - named_new
    found = {after: standing[before] for before, after in pairs if before is not None and after is not None}
    return found | {code: standing[code] for code in same}


def restructure(plan: Plan, document: PlanDocument, pairs: Sequence[Pair], actor: User | None) -> None:
    """Measures keep their ids, so that what was tagged stays tagged; they take the codes and places that the document
    gives them. What the document has besides is made; what it lacks is removed.

    Wording is not given yet. Raises Invalid where interactions are tagged with a measure that would be removed.
    """
    kept = counterparts(plan, document, pairs)
    stays = {measure.id for measure in kept.values()}
    _remove_measures([measure for measure in measures_of(plan) if measure.id not in stays], actor)
    _make_way(kept, document)
    positions = count(1)
    areas = {area.number: area for area in plan.focus_areas}
    for text in document.focus_areas:
        area = areas.get(text.number)
        if area is None:
            area = new_focus_area(text)
            plan.focus_areas.append(area)
        _take_name(area, text)
        _place(plan, area, text, kept, positions)
    db.session.flush()
    _remove_empty(plan, document, actor)


def _place(
    plan: Plan, area: FocusArea, text: FocusAreaText, kept: Mapping[str, Measure], positions: Iterator[int]
) -> None:
    strategies = {strategy.letter: strategy for strategy in area.strategies}
    for strategy_text in text.strategies:
        strategy = strategies.get(strategy_text.letter)
        if strategy is None:
            strategy = new_strategy(strategy_text)
            area.strategies.append(strategy)
        _take_name(strategy, strategy_text)
        for measure_text in strategy_text.measures:
            _put(plan, strategy, measure_text, kept.get(measure_text.code), next(positions))


def _put(plan: Plan, strategy: Strategy, text: MeasureText, measure: Measure | None, position: int) -> None:
    if measure is None:
        strategy.measures.append(new_measure(plan, text, position))
        return
    if measure.strategy is not strategy:
        measure.strategy = strategy
    if (measure.code, measure.position) != (text.code, position):
        measure.code, measure.position = text.code, position


def _take_name(part: FocusArea | Strategy, text: FocusAreaText | StrategyText) -> None:
    """A heading with the same number may be another one altogether: then its label is the document's, too."""
    texts = [*part.labels.values(), *filter(None, [part.wording])]
    if likeness(texts, [text.wording]) < LIKE:
        part.labels = labels_of(text)


def _make_way(kept: Mapping[str, Measure], document: PlanDocument) -> None:
    """No two may share a code or a position at any moment: who moves steps aside first."""
    for position, text in enumerate(document.measures(), start=1):
        measure = kept.get(text.code)
        if measure is not None and (measure.code, measure.position) != (text.code, position):
            measure.code, measure.position = f"~{measure.id}", -measure.id
    db.session.flush()


def _remove_measures(measures: Sequence[Measure], actor: User | None) -> None:
    """First of all, since each is tried for itself and nothing unrecorded may be under way then."""
    needed = []
    for measure in measures:
        code, strategy = measure.code, measure.strategy
        try:
            with db.session.begin_nested():
                for target in list(measure.targets):
                    record_removal(target, actor=actor)
                record_removal(measure, actor=actor)
            db.session.expire(strategy, ["measures"])
        except IntegrityError:
            needed.append(code)
    if needed:
        raise Invalid(
            {
                "document": [
                    _(
                        "%(codes)s: interactions are tagged with it, and it is paired with no measure of the document",
                        codes=", ".join(needed),
                    )
                ]
            }
        )


def _remove_empty(plan: Plan, document: PlanDocument, actor: User | None) -> None:
    """Focus areas and strategies that the document does not have."""
    strategies = {strategy.code for strategy in document.strategies()}
    numbers = {area.number for area in document.focus_areas}
    for area in list(plan.focus_areas):
        for strategy in list(area.strategies):
            if strategy.code not in strategies:
                record_removal(strategy, actor=actor)
        db.session.expire(area, ["strategies"])
        if area.number not in numbers:
            record_removal(area, actor=actor)
    db.session.expire(plan, ["focus_areas"])
