"""How many SQL statements each page takes, what they cost by themselves, and which are slow.

Runs in a process of its own (`python -m bench.statements`), in which it is the server: reads the cases as JSON from
standard input, writes what it found as JSON. Statements are counted on the second request, when nothing is new;
then each is given again to the bare driver, which is the limit that no page can go below.
"""

import json
import sqlite3
import statistics
import sys
import time
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from werkzeug.datastructures import MultiDict

from bench.measuring import filled_log_form
from bench.visitor import Page
from config import Config
from crm import create_app
from crm.extensions import db

REPEATS = 7
_HOUSEKEEPING = ("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Watch:
    """The statements since the last `clear`."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any]] = []
        event.listen(sa.Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.lstrip().upper().startswith(_HOUSEKEEPING):
            self.seen.append((statement, parameters))


def bare_driver(url: str) -> Any:
    """A connection as the product's, without anything of ours in between."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("PRAGMA query_only = ON")
        return connection
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


def cost(connection: Any, statement: str, parameters: Any) -> float:
    """Median milliseconds to execute and fetch all."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        cursor = connection.execute(statement, parameters)
        cursor.fetchall()
        times.append((time.perf_counter() - began) * 1000)
        if times[0] > 2000:
            break
    return statistics.median(times)


def main() -> None:
    asked = json.load(sys.stdin)
    app = create_app(Config.from_environment())
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    clients: dict[str, tuple[Any, dict[str, str]]] = {
        "api": (app.test_client(), {"Authorization": f"Bearer {asked['token']}"})
    }
    for role, (email, password) in asked["users"].items():
        client = app.test_client()
        page = Page(client.get("/sign-in").data)
        form = page.form_with("password")
        if form is not None:
            client.post(
                form.action or "/sign-in", data=dict(form.filled({"email": email, "password": password}))
            )
        clients[role] = (client, {})
    watch, bare = Watch(), bare_driver(url)
    found: dict[str, Any] = {}
    for name, by, path, kind in asked["cases"]:
        client, headers = clients[by]
        answer = client.get(path, headers=headers)
        if kind == "save":
            for number in range(2):
                filled = filled_log_form(client.get(path).data, -number, asked["organisation"])
                watch.seen.clear()
                if filled is not None:
                    answer = client.post(filled[0] or path, data=MultiDict(filled[1]))
        else:
            watch.seen.clear()
            answer = client.get(path, headers=headers)
        answer.get_data()
        seen = list(watch.seen)
        costs = [
            (cost(bare, statement, parameters), statement)
            for statement, parameters in seen
            if _reads(statement)
        ]
        found[name] = {
            "status": answer.status_code,
            "statements": len(seen),
            "milliseconds": sum(milliseconds for milliseconds, _ in costs),
            "slowest": sorted(
                ([round(ms, 2), " ".join(sql.split())[:600]] for ms, sql in costs), reverse=True
            )[:2],
        }
    found["plain report"] = {"milliseconds": cost(bare, asked["plain_report"], ())}
    with app.app_context():
        db.session.remove()
    bare.close()
    json.dump(found, sys.stdout)


def _reads(statement: str) -> bool:
    return statement.lstrip().upper().startswith(("SELECT", "WITH"))


if __name__ == "__main__":
    main()
