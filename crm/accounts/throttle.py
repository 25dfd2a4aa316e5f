"""Slows guessing down. Attempts are rows in the database, so that all processes and machines count alike."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from flask import current_app, request
from sqlalchemy import case, delete, func, or_, select

from crm.accounts.models import SignInFailure
from crm.database import now
from crm.extensions import db

FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Throttle:
    """So many attempts in a window of time, for one account and from one address."""

    kind: str
    by_account: int
    by_address: int
    window: timedelta

    def admits(self, account: str) -> bool:
        """Whether one more attempt is allowed; if so it is counted at once, before anybody knows how it ends:
        many guesses at the same moment are no way round.
        """
        account_hash, address_hash = self._account(account), self._address()
        counts = select(
            func.sum(case((SignInFailure.account_hash == account_hash, 1), else_=0)),
            func.sum(case((SignInFailure.address_hash == address_hash, 1), else_=0)),
        ).where(
            SignInFailure.at > now() - self.window,
            or_(SignInFailure.account_hash == account_hash, SignInFailure.address_hash == address_hash),
        )
        of_account, of_address = db.session.execute(counts).one()
        if (of_account or 0) >= self.by_account or (of_address or 0) >= self.by_address:
            return False
        db.session.execute(delete(SignInFailure).where(SignInFailure.at < now() - FORGOTTEN_AFTER))
        db.session.add(SignInFailure(account_hash=account_hash, address_hash=address_hash))
        return True

    def forgive(self, account: str) -> None:
        """Forget the account's attempts: the right person got in."""
        db.session.execute(delete(SignInFailure).where(SignInFailure.account_hash == self._account(account)))

    def _account(self, account: str) -> str:
        return self._keyed(f"account:{account.strip().lower()}")

    def _address(self) -> str:
        """A household's or office's IPv6 addresses are as many as it likes: its network counts as one."""
        address = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104  no address known
        network = ip_network((address, 64), strict=False) if isinstance(address, IPv6Address) else address
        return self._keyed(f"address:{network}")

    def _keyed(self, value: str) -> str:
        key = str(current_app.config["SECRET_KEY"]).encode()
        return hmac.new(key, f"{self.kind}:{value}".encode(), hashlib.sha256).hexdigest()


SIGN_IN = Throttle("sign-in", by_account=10, by_address=50, window=timedelta(minutes=15))
FORGOTTEN_PASSWORD = Throttle("forgotten-password", by_account=3, by_address=20, window=timedelta(hours=1))
