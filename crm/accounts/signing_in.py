"""Signing in, in two transactions: the database is not held while the password is worked on."""

from dataclasses import dataclass

from crm.accounts import passwords, queries
from crm.accounts.models import User
from crm.accounts.sessions import end_session, start_session
from crm.accounts.throttle import SIGN_IN
from crm.audit.recording import record
from crm.extensions import db


@dataclass(frozen=True)
class Account:
    """What is known of an address; `user_id` and `password_hash` are None where nobody can sign in with it."""

    email: str
    user_id: int | None
    password_hash: str | None


def account_of(email: str) -> Account | None:
    """The account to try the password on; None where there have been too many attempts. For the caller to commit."""
    if not SIGN_IN.admits(email):
        return None
    user = queries.user_by_email(email)
    if user is None or not user.is_active or user.is_service:
        return Account(email, None, None)
    return Account(email, user.id, user.password_hash)


def opens(account: Account, password: str) -> bool:
    """Whether the password is the account's; takes equally long for accounts that do not exist."""
    return passwords.is_right(account.password_hash, password)


def sign_in(account: Account, password: str) -> User | None:
    """Start a session for the account that the password opened; None where it was deactivated meanwhile."""
    stronger = passwords.hash_of(password) if passwords.is_outdated(account.password_hash or "") else None
    user = db.session.get(User, account.user_id)
    if user is None or not user.is_active:
        return None
    if stronger is not None:
        user.password_hash = stronger
    SIGN_IN.forgive(account.email)
    record(user, actor=user, action="signed_in")
    start_session(user)
    return user


def sign_out(user: User) -> None:
    record(user, actor=user, action="signed_out")
    end_session()
