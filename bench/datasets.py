"""The data of each size, made by `flask demo load` once and kept in .cache/ until the code that makes it changes."""

import contextlib
import hashlib
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

from bench.serving import ROOT

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
CACHE = ROOT / ".cache" / "bench"


@dataclass(frozen=True)
class Size:
    name: str
    organisations: int
    contacts: int
    interactions: int


SIZES = {
    size.name: size
    for size in (
        Size("office", 2_000, 4_000, 10_000),
        Size("county", 10_000, 20_000, 100_000),
        Size("nation", 200_000, 400_000, 1_000_000),
    )
}


def settings(url: str) -> dict[str, str]:
    """The environment of everything that the bench starts: nobody is mailed, nothing of `instance/` is touched."""
    return {
        "DATABASE_URL": url,
        "SECRET_KEY": "only-for-the-bench-" + "0" * 32,
        "MAIL_URL": f"file:{tempfile.gettempdir()}/bench-outbox",
        "ATTACHMENTS_URL": f"file:{tempfile.gettempdir()}/bench-attachments",
        "PUBLIC_URL": "http://127.0.0.1:8000",
    }


def flask(url: str, *arguments: str) -> str:
    """What a command of the product printed. A failing one ends the bench."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env=os.environ | settings(url),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"flask {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def postgresql_answers() -> bool:
    try:
        with sa.create_engine(POSTGRES, connect_args={"connect_timeout": 3}).connect():
            return True
    except sa.exc.OperationalError:
        return False


@contextlib.contextmanager
def dataset(kind: str, size: Size) -> Iterator[str]:
    """The address of a database with the size's data, which may be written to and is gone afterwards."""
    if kind == "sqlite":
        kept = _kept(size)
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            copy = Path(folder) / "bench.sqlite3"
            shutil.copyfile(kept, copy)
            yield f"sqlite:///{copy}"
        return
    name = f"crm_bench_{secrets.token_hex(4)}"
    server = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        url = urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()
        _load(url, size)
        yield url
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        server.dispose()


def _kept(size: Size) -> Path:
    path = CACHE / f"{size.name}-{_fingerprint()}.sqlite3"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in CACHE.glob(f"{size.name}-*"):
            old.unlink()
        unfinished = path.with_suffix(".unfinished")
        _load(f"sqlite:///{unfinished}", size)
        with contextlib.closing(sqlite3.connect(unfinished)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # one file, that can be copied
        unfinished.rename(path)
    return path


def _load(url: str, size: Size) -> None:
    began = time.monotonic()
    flask(url, "db", "upgrade")
    said = flask(
        url, "demo", "load", "--organisations", str(size.organisations), "--contacts", str(size.contacts),
        "--interactions", str(size.interactions),
    )  # fmt: skip
    rows, seconds = int(said.split(" ", 1)[0]), time.monotonic() - began
    if url.startswith("postgresql"):
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        engine.dispose()
    print(f"{size.name}: {rows} rows loaded in {seconds:.0f} s, {rows / seconds:,.0f} rows/s", flush=True)


def _fingerprint() -> str:
    """Changes with the tables, with what fills them, and with the day, which the data ends on."""
    digest = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    files = [
        *ROOT.glob("migrations/versions/*.py"),
        *ROOT.glob("crm/demo/**/*"),
        *ROOT.glob("crm/plan/catalogue/*"),
    ]
    for path in sorted(path for path in files if path.suffix in {".py", ".toml", ".json"}):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
