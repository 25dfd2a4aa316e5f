"""A form was sent after its writer had been signed out: what was typed waits while they sign in."""

from dataclasses import dataclass
from typing import Self

from flask import render_template, request

from crm.web.redirects import is_own

PREFIX = "typed."
"""Before each carried field's name, so that none is taken for the sign-in form's own."""


@dataclass(frozen=True)
class Interrupted:
    """The form as it was sent, and the path it was sent to."""

    target: str
    typed: list[tuple[str, str]]

    @classmethod
    def from_request(cls) -> Self | None:
        """What the sign-in form carries along, if anything. Only own paths are gone on to, and no passwords kept."""
        target = request.form.get("resume", "")
        if not is_own(target):
            return None
        carried = [
            (name.removeprefix(PREFIX), value)
            for name, value in request.form.items(multi=True)
            if name.startswith(PREFIX)
        ]
        return cls(target, [(n, v) for n, v in carried if n and n != "csrf_token" and "password" not in n])

    def sign_in_page(self, *, email: str | None, refused: list[str]) -> str:
        """The sign-in form once more, with what is wrong and all that it carries."""
        return render_template(
            "errors/stale_form.html",
            layout="layouts/plain.html",
            typed=self.typed,
            action=self.target,
            signed_in=False,
            email=email or "",
            refused=refused,
        )

    def resume_page(self) -> str:
        """Signed in again: one button sends the form to where it was going."""
        return render_template(
            "errors/stale_form.html",
            layout="layouts/base.html",
            typed=self.typed,
            action=self.target,
            signed_in=True,
            resumed=True,
        )
