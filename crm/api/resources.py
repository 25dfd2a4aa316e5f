"""What every resource of the API does alike: its blueprint, lists, versions, what changed, and committing."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import marshmallow as ma
from flask import Request, Response, abort, current_app, request
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_smorest import Blueprint as SmorestBlueprint
from sqlalchemy.exc import IntegrityError
from webargs.flaskparser import FlaskParser

from crm.api.fields import READ_ONLY
from crm.api.idempotency import earlier_answer, given_key, remember, written
from crm.extensions import db, limiter
from crm.web.paging import Page
from crm.web.problems import problem
from crm.web.validation import Invalid, Stale

Record = TypeVar("Record")
ROWS = 100
STALE = "The record was changed since it was read. Read it again and repeat the change"


class _Parser(FlaskParser):
    DEFAULT_UNKNOWN_BY_LOCATION = {"json": ma.RAISE, "query": ma.RAISE}  # noqa: RUF012  the library's protocol

    def load_json(self, req: Request, schema: Any) -> Any:
        if req.content_length and not req.is_json:
            abort(415, "Send the body as application/json")
        try:
            return super().load_json(req, schema)
        except RecursionError:
            abort(400, "The body is nested too deeply")


class Blueprint(SmorestBlueprint):
    """Endpoints under /api/v1; what operations refuse becomes a problem."""

    ARGUMENTS_PARSER = _Parser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(
            f"api_{name.replace('-', '_')}", __name__, url_prefix="/api/v1", description=description
        )
        self.resource = name
        limiter.limit("600 per minute", key_func=_caller)(self)
        limiter.limit("300 per minute", key_func=get_remote_address, deduct_when=_is_refused)(self)
        self.register_error_handler(Invalid, _invalid)
        self.register_error_handler(Stale, _stale)
        self.register_error_handler(IntegrityError, _conflict)

    def arguments(self, schema: type[ma.Schema], **options: Any) -> Any:
        """The schema is made here once, not at every request."""
        return super().arguments(schema(), **options)

    def route(self, rule: str, **options: Any) -> Any:
        return super().route(rule, tags=[self.resource], **options)


def _caller() -> str:
    """Each token has its own allowance. Limits are looked at before anybody is known: the header tells callers apart."""
    token = request.headers.get("Authorization")
    return hashlib.sha256(token.encode()).hexdigest() if token else get_remote_address()


def _is_refused(answer: Response) -> bool:
    """Whoever tries out tokens is slowed down."""
    return answer.status_code == 401


def _invalid(invalid: Invalid) -> Response:
    return problem(422, "Some fields break a rule", invalid.errors)


def _stale(_stale: Stale) -> Response:
    return problem(412, STALE)


def _conflict(_error: IntegrityError) -> Response:
    db.session.rollback()
    return problem(409, "Another record got this value at the same moment")


def told_one(body: dict[str, Any], *, version: int | None = None) -> Response:
    """One record, with its version as ETag."""
    answer = Response(json.dumps(body, ensure_ascii=False), content_type="application/json")
    if version is not None:
        answer.set_etag(str(version))
    return answer


def found_or_404(model: type[Record], identity: int) -> Record:
    """The record with the identity. 404 where there is none, or it is in the bin."""
    record = db.session.get(model, identity)
    if record is None or getattr(record, "is_binned", False):
        abort(404)
    return record


def gone(merged_into: int | None) -> Response:
    """410 with the record that this one was merged into; raises 404 where there is none."""
    if merged_into is None:
        abort(404)
    return problem(410, "It was merged into another record", merged_into=merged_into)


def told_list(page: Page[Any], as_json: Callable[[Any], dict[str, Any]], **more: Any) -> Response:
    """{"items", "total", "next"} and more; `next` is the address of the next page, or None."""
    address = page.next_url
    following = f"{current_app.config['CRM'].public_url}{address}" if address else None
    return told_one(
        {"items": [as_json(row) for row in page.rows], "total": page.total, "next": following} | more
    )


def version_read(record: Any) -> int | None:
    """The version that the caller has read, from If-Match; None where they take any (`*`)."""
    if "If-Match" not in request.headers:
        abort(428, "Send If-Match with the record's ETag, so that nobody's change is overwritten")
    given = request.if_match
    if given.star_tag:
        return None
    # What was sent compressed has the way of compression behind its version.
    if str(record.version) not in {tag.partition(":")[0] for tag in given.as_set(include_weak=True)}:
        raise Stale(record)
    return int(record.version)


def changed(sent: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, Any]:
    """What the body of a PATCH would change: fields that differ from the record as it is told now, as loaded from the body.
    Whole records may be sent back; raises Invalid where a field that nobody sets differs.
    """
    raw = request.get_json(silent=True) or {}
    found = {name: value for name, value in sent.items() if raw[name] != current[name]}
    check_settable(found)
    return found


def check_settable(fields: Mapping[str, Any]) -> None:
    """Raises Invalid for fields that the system sets."""
    if fixed := READ_ONLY & fields.keys():
        raise Invalid(
            {name: [_("This is set by the system and cannot be changed")] for name in sorted(fixed)}
        )


@contextmanager
def errors_named(names: Mapping[str, str]) -> Iterator[None]:
    """Errors of operations by the fields of the API."""
    try:
        yield
    except Invalid as invalid:
        errors: dict[str, list[Any]] = {}
        for name, messages in invalid.errors.items():
            errors.setdefault(names.get(name, name), []).extend(messages)
        raise Invalid(errors) from None


Answer = tuple[dict[str, Any] | None, int]


def writes(view: Callable[..., Answer]) -> Callable[..., Response]:
    """Commits what the view did, or nothing; answers a repeated POST as before."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        key = given_key()
        if key is not None and (earlier := earlier_answer(key)) is not None:
            return earlier
        try:
            body, status = view(*args, **kwargs)
            if key is not None and body is not None:
                remember(key, body, status)
            db.session.commit()
        except (Invalid, IntegrityError):
            db.session.rollback()
            # The same request may have been sent twice at the same moment, and the other one was first.
            if key is not None and (earlier := earlier_answer(key)) is not None:
                return earlier
            raise
        return written(body, status)

    return answer
