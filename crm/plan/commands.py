"""Plans at the command line: import, show, continue, and the shipped catalogue. Told in English, as all commands."""

from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from crm.extensions import db
from crm.plan import operations, queries
from crm.plan.documents import PlanDocument, UnreadableDocument, read_plan
from crm.plan.models import Plan
from crm.plan.queries import PlanSize
from crm.plan.rules import checked_heading, suggested_period
from crm.web.clock import today
from crm.web.validation import Invalid

plan = AppGroup("plan", help="Action plans: import, show, continue.")

DAY = click.DateTime(formats=["%Y-%m-%d"])


def in_english(command: Any) -> Any:
    @wraps(command)
    def told(*args: Any, **kwargs: Any) -> Any:
        with force_locale("en_GB"):
            return command(*args, **kwargs)

    return told


def refuse(reason: object) -> NoReturn:
    raise click.ClickException(" ".join(str(reason).split()))


def refuse_invalid(invalid: Invalid) -> NoReturn:
    refuse("; ".join(str(message) for messages in invalid.errors.values() for message in messages))


@plan.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", help="The plan's title; else the document's own, else from the file's name.")
@click.option("--starts", type=DAY, help="First day, as 2022-01-01; else from the title or the file's name.")
@click.option("--ends", type=DAY, help="Last day, as 2024-12-31; else from the title or the file's name.")
@click.option("--dry-run", is_flag=True, help="Show what was read, and change nothing.")
@in_english
def import_(
    file: Path, title: str | None, starts: datetime | None, ends: datetime | None, dry_run: bool
) -> None:
    """Make a plan of a published document (text, .docx, .xlsx or .csv).

    Where a plan with the same period and the same codes is there, it gets the document's wording and keeps the rest.
    """
    document = _read(file)
    period = suggested_period(document, file.name, title) or (None, None)
    starts_on = starts.date() if starts else period[0]
    ends_on = ends.date() if ends else period[1]
    if starts_on is None or ends_on is None:
        raise click.UsageError("Neither title nor file name gives the period: say --starts and --ends.")
    title = title or operations.expected_title(document, file.name, starts_on, ends_on)
    if dry_run:
        _preview(document, title, starts_on, ends_on)
        return
    try:
        outcome = operations.import_plan(
            document=document, title=title, starts_on=starts_on, ends_on=ends_on, actor=None
        )
    except Invalid as invalid:
        refuse_invalid(invalid)
    db.session.commit()
    for remark in document.warnings:
        click.echo(f"{document.unit.at(remark.line)}: {remark.message}", err=True)
    click.echo(
        f"{'Updated' if outcome.updated else 'Imported'} plan {outcome.plan.id}: {_heading(outcome.plan)}"
    )
    click.echo(_size(queries.plan_size(outcome.plan.id)))


@plan.command("show")
@click.option("--plan", "plan_id", type=int, help="The plan's id; else the one in force.")
@in_english
def show(plan_id: int | None) -> None:
    """Print a plan with its codes, labels and official wording."""
    plans = queries.plans()
    chosen = queries.chosen_plan(plans, plan_id, today())
    if chosen is None:
        known = ", ".join(str(each.id) for each in plans)
        refuse(
            f"there is no plan {plan_id}; there are: {known}"
            if known and plan_id
            else "there is no such plan"
        )
    click.echo(f"Plan {chosen.id}: {_heading(chosen)}")
    for goal in queries.goals_of(chosen.id):
        click.echo(f"  {goal.kind} goal {goal.position}  {goal.wording or goal.label('nb')}")
    whole = queries.whole_plan(chosen.id)
    assert whole
    for area in whole.focus_areas:
        click.echo(f"{area.number}  {area.wording or area.label('nb')}")
        for strategy in area.strategies:
            click.echo(f"  {area.number}.{strategy.letter}  {strategy.wording or strategy.label('nb')}")
            for sub in strategy.sub_strategies:
                click.echo(f"      – {sub.wording}")
            for measure in strategy.measures:
                wording = f": {measure.wording}" if measure.wording else ""
                click.echo(f"    {measure.code}  {measure.label('nb')}{wording}")
    click.echo(_size(queries.plan_size(chosen.id)))


@plan.command("continue")
@click.option("--plan", "plan_id", type=int, help="The plan to continue, by its id; else the latest.")
@click.option("--title", required=True, help="The new plan's title.")
@click.option("--starts", type=DAY, required=True, help="Its first day, as 2025-01-01.")
@click.option("--ends", type=DAY, required=True, help="Its last day, as 2028-12-31.")
@in_english
def continue_(plan_id: int | None, title: str, starts: datetime, ends: datetime) -> None:
    """Make the next plan from one that is there: its measures continue those of the old."""
    plans = queries.plans()
    old = next((each for each in plans if plan_id in {None, each.id}), None)
    if old is None:
        refuse("there is no such plan")
    try:
        made = operations.continue_plan(
            plan_id=old.id, title=title, starts_on=starts.date(), ends_on=ends.date(), actor=None
        )
    except Invalid as invalid:
        refuse_invalid(invalid)
    db.session.commit()
    click.echo(f"Made plan {made.id}: {_heading(made)}, continuing plan {old.id}")
    click.echo(_size(queries.plan_size(made.id)))


@plan.command("load-catalogue")
@in_english
def load_catalogue() -> None:
    """Load the shipped plan for 2022–2024, unless a plan covers days of that period already."""
    made = operations.load_catalogue_plan()
    db.session.commit()
    if made is not None:
        click.echo(f"Loaded plan {made.id}: {_heading(made)}")
    if queries.plan_for(today()) is None:
        click.echo(
            "No plan covers today. Sign in and open Plan to import the new plan or continue the previous one."
        )


def _read(file: Path) -> PlanDocument:
    try:
        return read_plan(file.name, file.read_bytes())
    except UnreadableDocument as unreadable:
        refuse(f"{file.name}: {unreadable}" + (f" (“{unreadable.excerpt}”)" if unreadable.excerpt else ""))
    except OSError as error:
        refuse(f"{file.name}: {error.strerror}")


def _preview(document: PlanDocument, title: str, starts_on: date, ends_on: date) -> None:
    remarks = {remark.line: f"   ! {remark.message}" for remark in document.warnings}
    for row in document.rows():
        click.echo(
            f"{row.line:>5}  {row.level.label!s:<12} {row.code:<6} {row.wording}{remarks.get(row.line, '')}"
        )
    try:
        checked_heading(title, starts_on, ends_on)
        standing = operations.expect_import(document=document, starts_on=starts_on, ends_on=ends_on)
    except Invalid as invalid:
        refuse_invalid(invalid)
    does = f"Would update plan {standing.id}" if standing else "Would make a new plan"
    click.echo(f"{does}: {title}, {starts_on} to {ends_on}")
    counts = (document.strategies(), document.sub_strategies(), document.measures())
    click.echo(_size(PlanSize(len(document.focus_areas), *(sum(1 for _ in each) for each in counts))))


def _heading(made: Plan) -> str:
    return f"{made.title}, {made.starts_on} to {made.ends_on}"


def _size(size: PlanSize) -> str:
    return (
        f"{size.focus_areas} focus areas, {size.strategies} strategies, "
        f"{size.sub_strategies} sub-strategies, {size.measures} measures"
    )
