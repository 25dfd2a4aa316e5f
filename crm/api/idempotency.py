"""Repeated requests: a POST with an Idempotency-Key that was answered before gets the same answer again."""

import hashlib
import json
from datetime import timedelta

from flask import Response, abort, g, request
from sqlalchemy import delete, select

from crm.accounts.models import IdempotentAnswer
from crm.database import now
from crm.extensions import db

HEADER = "Idempotency-Key"
LONGEST = 200
KEPT = timedelta(days=2)


def given_key() -> str | None:
    key = request.headers.get(HEADER) if request.method == "POST" else None
    if key is not None and not 0 < len(key) <= LONGEST:
        abort(400, f"An {HEADER} has from 1 to {LONGEST} characters")
    return key


def earlier_answer(key: str) -> Response | None:
    """The answer that the key was given. Refuses with 422 where it was given for something else."""
    found = db.session.scalar(
        select(IdempotentAnswer).where(
            IdempotentAnswer.token_id == g.api_token.id, IdempotentAnswer.key == key
        )
    )
    if found is None:
        return None
    if found.request_hash != _request_hash():
        abort(422, f"This {HEADER} was used for another request")
    return written(json.loads(found.body), found.status)


def remember(key: str, body: dict[str, object], status: int) -> None:
    """In the record's own transaction, so that neither is kept without the other."""
    db.session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.created_at < now() - KEPT))
    db.session.add(
        IdempotentAnswer(
            token_id=g.api_token.id,
            key=key,
            request_hash=_request_hash(),
            status=status,
            body=json.dumps(body, ensure_ascii=False),
        )
    )


def written(body: dict[str, object] | None, status: int) -> Response:
    """The answer to a write: its ETag is the record's version, and Location where it was made."""
    if body is None:
        return Response(status=status)
    answer = Response(json.dumps(body, ensure_ascii=False), status, content_type="application/json")
    answer.set_etag(str(body["version"]))
    if status == 201:
        answer.headers["Location"] = f"{request.path}/{body['id']}"
    return answer


def _request_hash() -> str:
    return hashlib.sha256(request.full_path.encode() + b"\n" + request.get_data()).hexdigest()
