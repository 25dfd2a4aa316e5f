"""Plans at the command line: import, show, map, continue, and the shipped catalogue. Told in English, as all commands."""

import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import AppGroup

from crm.extensions import db
from crm.plan import operations, queries
from crm.plan.documents import PlanDocument, UnreadableDocument, read_pairs, read_plan
from crm.plan.mapping import Because, Item, Pair, suggest
from crm.plan.models import Measure, Plan
from crm.plan.queries import PlanSize
from crm.plan.rules import checked_heading, suggested_period
from crm.web.clock import today
from crm.web.commands import in_english, refuse, refuse_invalid
from crm.web.validation import Invalid

Read = TypeVar("Read")

plan = AppGroup("plan", help="Action plans: import, show, map, continue.")

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(formats=["%Y-%m-%d"])


@plan.command("import")
@click.argument("file", type=FILE)
@click.option("--title", help="The plan's title; else the document's own, else from the file's name.")
@click.option("--starts", type=DAY, help="First day, as 2022-01-01; else from the title or the file's name.")
@click.option("--ends", type=DAY, help="Last day, as 2024-12-31; else from the title or the file's name.")
@click.option(
    "--map",
    "map_file",
    type=FILE,
    help="Pairs of codes (CSV or .xlsx): those of the plan that is there, and what they are in the document.",
)
@click.option("--dry-run", is_flag=True, help="Show what was read, and change nothing.")
@in_english
def import_(
    file: Path,
    *,
    title: str | None,
    starts: datetime | None,
    ends: datetime | None,
    map_file: Path | None,
    dry_run: bool,
) -> None:
    """Make a plan of a published document (text, .docx, .xlsx or .csv).

    Where a plan with the same period and the same codes is there, it gets the document's wording and keeps the rest.
    Where the codes differ, --map says which measure has become which: it keeps its interactions. "plan map PLAN FILE"
    suggests the pairs.
    """
    document = _read(read_document, file)
    pairs = _read(read_pairs_of, map_file) if map_file else None
    period = suggested_period(document, file.name, title) or (None, None)
    starts_on = starts.date() if starts else period[0]
    ends_on = ends.date() if ends else period[1]
    if starts_on is None or ends_on is None:
        raise click.UsageError("Neither title nor file name gives the period: say --starts and --ends.")
    title = title or operations.expected_title(document, file.name, starts_on, ends_on)
    if dry_run:
        _preview(document, title, starts_on, ends_on, pairs)
        return
    try:
        outcome = operations.import_plan(
            document=document, title=title, starts_on=starts_on, ends_on=ends_on, actor=None, pairs=pairs
        )
    except Invalid as invalid:
        db.session.rollback()
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
        db.session.rollback()
        refuse_invalid(invalid)
    db.session.commit()
    click.echo(f"Made plan {made.id}: {_heading(made)}, continuing plan {old.id}")
    click.echo(_size(queries.plan_size(made.id)))


@plan.command("map")
@click.argument("old", type=int)
@click.argument("new")
@click.argument("pairs", nargs=-1, metavar="[OLDCODE=NEWCODE]...")
@click.option(
    "--file", "pairs_file", type=FILE, help="Pairs of codes in two columns, older first (CSV or .xlsx)."
)
@click.option("--dry-run", is_flag=True, help="Show what would be mapped, and change nothing.")
@in_english
def map_(old: int, new: str, pairs: tuple[str, ...], pairs_file: Path | None, dry_run: bool) -> None:
    """Let measures of plan NEW continue those of plan OLD, so that their numbers can be followed from plan to plan.

    Without pairs, suggestions are printed as CSV and nothing is changed: keep them in a file, correct it and give it
    with --file. An empty cell says that a measure has no counterpart; measures that are not named stay as they are.

    NEW may also be a document of a plan that is there already under other codes: the suggestions are then for
    "plan import --map".
    """
    given = [*_pairs_in(pairs), *(_read(read_pairs_of, pairs_file) if pairs_file else [])]
    if not new.isascii() or not new.isdecimal():
        if given:
            raise click.UsageError("Pairs for a document are given to “plan import --map”.")
        _suggest_for_document(old, Path(new))
        return
    try:
        older, newer = operations.both_plans(old, int(new))
        if not given:
            _suggest(_items(older.measures), _items(newer.measures), _mapped(older, newer))
            return
        outcome = operations.map_plan(old_id=old, new_id=int(new), pairs=given, actor=None)
    except Invalid as invalid:
        db.session.rollback()
        refuse_invalid(invalid)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    click.echo(
        f"{'Would change' if dry_run else 'Changed'} {outcome.changed} measures; {outcome.mapped} of plan {new} "
        f"continue one of plan {old}"
    )
    click.echo(f"Not continued, of plan {old}: {', '.join(outcome.old_left) or 'none'}")
    click.echo(f"Continuing none, of plan {new}: {', '.join(outcome.new_left) or 'none'}")


def _pairs_in(arguments: Iterable[str]) -> list[Pair]:
    found: list[Pair] = []
    for argument in arguments:
        old, equals, new = argument.upper().partition("=")
        if not equals or not new:
            raise click.UsageError(f"“{argument}” is no pair: write 1.A.1=1.A.2, or =1.A.2 for none.")
        found.append((old or None, new))
    return found


def _items(measures: Iterable[Measure]) -> list[Item]:
    return [
        Item(measure.code, tuple(filter(None, [measure.label("nb"), measure.wording])))
        for measure in measures
    ]


def _mapped(older: Plan, newer: Plan) -> list[Pair]:
    codes = {measure.id: measure.code for measure in older.measures}
    return [
        (codes[measure.continues_id], measure.code)
        for measure in newer.measures
        if measure.continues_id in codes
    ]


def _suggest_for_document(old: int, file: Path) -> None:
    if not file.is_file():
        raise click.UsageError(f"“{file}” is neither a plan's id nor a document.")
    document = _read(read_document, file)
    standing = queries.whole_plan(old)
    if standing is None:
        refuse(f"there is no plan {old}")
    items = [Item(measure.code, (measure.wording,)) for measure in document.measures()]
    _suggest(_items(standing.measures), items, [])


def _suggest(old: Sequence[Item], new: Sequence[Item], mapped: Sequence[Pair]) -> None:
    """The suggestions on standard output, as a file of pairs; what to look at on standard error."""
    found = suggest(old, new, mapped)
    rows = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
    rows.writerow(["old", "new", "because", "old measure", "new measure"])
    for each in found:
        sides = (each.old, each.new)
        codes = [side.code if side else "" for side in sides]
        rows.writerow([*codes, each.because, *(side.texts[-1] if side else "" for side in sides)])
    for_sure = sum(each.because not in {Because.none, Because.code} for each in found)
    doubtful = [each.new.code for each in found if each.because is Because.code and each.new]
    click.echo(f"Nothing was changed. Suggested: {for_sure} pairs by wording", err=True)
    for told, codes in (
        ("By the code alone, to be looked at", doubtful),
        ("Not continued, of the older", [each.old.code for each in found if each.old and not each.new]),
        ("Continuing none, of the newer", [each.new.code for each in found if each.new and not each.old]),
    ):
        click.echo(f"{told}: {', '.join(codes) or 'none'}", err=True)


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


def read_document(file: Path) -> PlanDocument:
    return read_plan(file.name, file.read_bytes())


def read_pairs_of(file: Path) -> list[Pair]:
    return read_pairs(file.read_bytes())


def _read(read: Callable[[Path], Read], file: Path) -> Read:
    """What the file holds; ends the command where it cannot be read."""
    try:
        return read(file)
    except UnreadableDocument as unreadable:
        refuse(f"{file.name}: {unreadable}" + (f" (“{unreadable.excerpt}”)" if unreadable.excerpt else ""))
    except OSError as error:
        refuse(f"{file.name}: {error.strerror}")


def _preview(
    document: PlanDocument, title: str, starts_on: date, ends_on: date, pairs: Sequence[Pair] | None
) -> None:
    remarks = {remark.line: f"   ! {remark.message}" for remark in document.warnings}
    for row in document.rows():
        click.echo(
            f"{row.line:>5}  {row.level.label!s:<12} {row.code:<6} {row.wording}{remarks.get(row.line, '')}"
        )
    try:
        checked_heading(title, starts_on, ends_on)
        standing = operations.expect_import(
            document=document, starts_on=starts_on, ends_on=ends_on, pairs=pairs
        )
        standing_id = standing.id if standing else None
        if pairs is not None:  # whether all can be kept shows only when it is done
            operations.import_plan(
                document=document, title=title, starts_on=starts_on, ends_on=ends_on, actor=None, pairs=pairs
            )
            db.session.rollback()
    except Invalid as invalid:
        db.session.rollback()
        refuse_invalid(invalid)
    does = f"Would update plan {standing_id}" if standing_id else "Would make a new plan"
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
