import click
from flask.cli import AppGroup

from crm.demo.invitations import invite
from crm.demo.loading import NotEmpty, Size, load_demo
from crm.demo.staff import DEMO_PASSWORD, sign_ins
from crm.extensions import db
from crm.web.clock import today

DEFAULT = Size()

demo = AppGroup("demo", help="Sample data to try the product with.")


@demo.command("load")
@click.option(
    "--organisations",
    type=click.IntRange(1),
    default=DEFAULT.organisations,
    show_default=True,
    help="How many organisations.",
)
@click.option(
    "--contacts",
    type=click.IntRange(0),
    default=DEFAULT.contacts,
    show_default=True,
    help="How many contacts.",
)
@click.option(
    "--interactions",
    type=click.IntRange(0),
    default=DEFAULT.interactions,
    show_default=True,
    help="How many interactions.",
)
@click.option(
    "--years",
    type=click.IntRange(1, 10),
    default=DEFAULT.years,
    show_default=True,
    help="How far back history goes.",
)
@click.option(
    "--seed", type=int, default=2022, show_default=True, help="Another seed gives another municipality."
)
@click.option("--if-empty", is_flag=True, help="Leave a database that already holds something as it is.")
def load(
    organisations: int, contacts: int, interactions: int, years: int, seed: int, *, if_empty: bool
) -> None:
    """Fill an empty, migrated database with made-up stakeholders and their history, and print the sign-ins."""
    size = Size(organisations, contacts, interactions, years)
    try:
        rows = load_demo(size, seed=seed, today=today(), progress=_show)
        invite(today())
        db.session.commit()
        click.echo(f"{rows} rows written")
    except NotEmpty as error:
        if not if_empty:
            raise click.ClickException(
                "the database already has organisations, contacts or interactions: use an empty one"
            ) from error
    click.echo("Sign in with one of these:")
    for sign_in in sign_ins():
        click.echo(f"  {sign_in.role.value:<14} {sign_in.email:<32} {DEMO_PASSWORD}")


def _show(what: str, done: int, total: int) -> None:
    click.echo(f"{what}: {done} of {total}", err=True)
