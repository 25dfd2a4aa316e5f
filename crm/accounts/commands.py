"""Users and tokens at the command line."""

from datetime import timedelta

import click
from flask.cli import AppGroup
from sqlalchemy import select

from crm.accounts import links, notices, operations, queries, tokens
from crm.accounts.models import Role, Scope, User
from crm.extensions import db
from crm.web.clock import today
from crm.web.commands import in_english, refuse, refuse_invalid
from crm.web.validation import Invalid

users_group = AppGroup("users", help="Users: invite, reset, list.")
tokens_group = AppGroup("tokens", help="API tokens for other systems.")


@users_group.command("first-link")
@in_english
def first_link() -> None:
    """Print a one-time link that makes the first administrator, as long as there are no users."""
    link = links.first_administrator_link()
    db.session.commit()
    if link is not None:
        click.echo("There are no users yet. Open this link to become the first administrator; it works once:")
        click.echo(link)


@users_group.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The user's full name.")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="What the user may do."
)
@click.option("--unit", help="The part of the administration that they belong to.")
@in_english
def create(email: str, name: str, role: str, unit: str | None) -> None:
    """Make a user, send the invitation and print its link."""
    try:
        user = operations.create_user(email=email, name=name, role=role, unit=unit, actor=None)
    except Invalid as invalid:
        refuse_invalid(invalid)
    link = operations.invite(user=user, actor=None)
    db.session.commit()
    if not notices.send_invitation(user, link, inviter=None):
        click.echo("The invitation could not be sent; hand over the link.", err=True)
    click.echo(link.url)


@users_group.command("reset")
@click.argument("email")
@in_english
def reset(email: str) -> None:
    """Send the user a one-time link to choose a new password with, and print it."""
    user = _active_user(email)
    link = operations.offer_reset(user=user, actor=None)
    db.session.commit()
    if not notices.send_reset(user, link):
        click.echo("The e-mail could not be sent; hand over the link.", err=True)
    click.echo(link.url)


@users_group.command("list")
@click.option("--all", "everybody", is_flag=True, help="Deactivated users and services as well.")
@in_english
def list_(everybody: bool) -> None:
    """Print e-mail, role and name of each user, one a line."""
    statement = select(User).order_by(User.sort_key, User.id)
    if not everybody:
        statement = statement.where(User.deactivated_at.is_(None), User.is_service.is_(False))
    for user in db.session.scalars(statement):
        state = "" if user.is_active else "\tdeactivated"
        click.echo(f"{user.email}\t{user.role}\t{user.name}{state}")


@tokens_group.command("create")
@click.argument("name")
@click.option(
    "--scope", required=True, type=click.Choice([scope.value for scope in Scope]), help="Read only, or write."
)
@click.option("--user", "email", help="Whose token it is; else a service user's, made for it.")
@click.option(
    "--days", type=click.IntRange(1, 365), default=365, show_default=True, help="How long it lasts."
)
@in_english
def create_token(name: str, scope: str, email: str | None, days: int) -> None:
    """Make an API token and print it, alone, on the last line."""
    try:
        user = (
            _active_user(email) if email else tokens.create_service_user(name=name, scope=scope, actor=None)
        )
        made = tokens.create_token(
            user=user, name=name, scope=scope, last_day=today() + timedelta(days=days), actor=None
        )
    except Invalid as invalid:
        refuse_invalid(invalid)
    db.session.commit()
    click.echo(
        f"Acts as {user.name} ({user.role}) until {today() + timedelta(days=days)}. It is shown only now:"
    )
    click.echo(made.raw)


def _active_user(email: str) -> User:
    user = queries.user_by_email(email)
    if user is None or not user.is_active or user.is_service:
        refuse(f"There is no active user with the e-mail address {email}.")
    return user
