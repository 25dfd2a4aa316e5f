from flask import abort, render_template, request
from flask_login import current_user

from crm.accounts.models import Permission
from crm.audit.queries import history_of
from crm.plan import queries
from crm.plan.views.blueprint import asked_plan, blueprint
from crm.plan.wording import target_in_words
from crm.web.clock import today
from crm.web.guards import requires
from crm.web.locale import language
from crm.web.panels import panels


@blueprint.get("/")
@requires(Permission.READ)
def index() -> str:
    plans = queries.outlines().plans
    plan = queries.chosen_plan(plans, asked_plan(), today())
    if plan is None:
        if request.args.get("plan"):
            abort(404)
        return render_template("plan/empty.html", gap=queries.PlanGap(previous=None))
    return render_template(
        "plan/index.html",
        plan=plan,
        plans=plans,
        today=today(),
        gap=queries.gap_among(plans, today()),
        goals=queries.goals_of(plan.id),
        tree=plan.tree,
        has_wording=any(node.wording for node in plan.measures.values()),
        with_wording="wording" in request.args,
        panels=panels("plan", plan, current_user),
    )


@blueprint.get("/strategies/<code>")
@requires(Permission.READ)
def strategy(code: str) -> str:
    found = queries.find_strategy(code, asked_plan(), today()) or abort(404)
    previous, following = queries.strategy_neighbours(found)
    return render_template(
        "plan/strategy.html",
        strategy=found,
        plan=found.focus_area.plan,
        previous=previous,
        following=following,
        panels=panels("plan", found.focus_area.plan, current_user),
    )


@blueprint.get("/measures/<code>")
@requires(Permission.READ)
def measure(code: str) -> str:
    found = queries.find_measure(code, asked_plan(), today()) or abort(404)
    words = panels("target", found, current_user)
    return render_template(
        "plan/measure.html",
        measure=found,
        plan=found.plan,
        neighbours=queries.neighbours(found),
        targets=[(target, target_in_words(target, words)) for target in found.targets],
        panels=panels("measure", found, current_user),
    )


@blueprint.get("/measures/<code>/history")
@requires(Permission.READ_AUDIT)
def history_of_measure(code: str) -> str:
    found = queries.find_measure(code, asked_plan(), today()) or abort(404)
    plan = found.plan
    return render_template(
        "audit/history.html",
        trail=[
            (plan.title, f"/plan/?plan={plan.id}"),
            (f"{found.code} {found.label(language())}", f"/plan/measures/{found.code}?plan={plan.id}"),
        ],
        entries=history_of(found, current_user),
    )
