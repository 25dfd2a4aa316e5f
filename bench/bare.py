"""The limit that every page is measured by: Flask and Jinja render 50 rows from one indexed SQLite query.

No session, no sign-in, no layout. Served by gunicorn with the same settings as the product, in the same run.
"""

import sqlite3
from pathlib import Path
from tempfile import mkdtemp

from flask import Flask, g, render_template

app = Flask(__name__, template_folder="templates")
DATABASE = Path(mkdtemp(prefix="bare-")) / "bare.sqlite3"


def fill() -> None:
    connection = sqlite3.connect(DATABASE)
    connection.execute(
        "CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT, city TEXT, kind TEXT, phone TEXT, day TEXT)"
    )
    connection.executemany(
        "INSERT INTO rows (name, city, kind, phone, day) VALUES (?, ?, ?, ?, ?)",
        (
            (f"Virksomhet {n * 7919 % 2000:04d} AS", "Lillestrøm", "company", f"+4763{n:06d}", "2026-09-03")
            for n in range(2000)
        ),
    )
    connection.execute("CREATE INDEX rows_by_name ON rows (name, id)")
    connection.commit()
    connection.close()


fill()


@app.get("/")
def index() -> str:
    if "connection" not in g:
        g.connection = sqlite3.connect(DATABASE)
        g.connection.row_factory = sqlite3.Row
    rows = g.connection.execute(
        "SELECT id, name, city, kind, phone, day FROM rows WHERE name >= ? ORDER BY name, id LIMIT 50",
        ("Virksomhet 1000",),
    ).fetchall()
    return render_template("bare.html", rows=rows)


@app.teardown_appcontext
def close(_error: BaseException | None) -> None:
    connection = g.pop("connection", None)
    if connection is not None:
        connection.close()
