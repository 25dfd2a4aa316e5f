"""The tree of measures in the log form: most of it reads the same for everybody, and is drawn once."""

from collections.abc import Collection

from flask import Flask, current_app
from markupsafe import Markup

from crm.plan.queries import StrategyNode
from crm.web.editions import Kept
from crm.web.locale import language

_drawn: Kept[dict[tuple[str, int], Markup]] = Kept("plans", dict)
"""Strategies of which nothing is likely or chosen, by language and id."""


def strategy_choices(strategy: StrategyNode, first_ids: Collection[int], chosen: Collection[int]) -> Markup:
    """The strategy's measures to choose from; `first_ids` are offered above it already."""
    if not any(measure.id in first_ids for measure in strategy.measures):
        drawn, key = _drawn(), (language(), strategy.id)
        if key not in drawn:
            drawn[key] = _draw(strategy, (), ())
        return drawn[key]
    return _draw(strategy, first_ids, chosen)


def _draw(strategy: StrategyNode, first_ids: Collection[int], chosen: Collection[int]) -> Markup:
    template = current_app.jinja_env.get_template("interactions/_strategy.html")
    return Markup(template.render(strategy=strategy, first_ids=first_ids, chosen=chosen, locale=language()))  # noqa: S704  a template's


def register_measure_tree(app: Flask) -> None:
    app.jinja_env.globals["strategy_choices"] = strategy_choices
