"""What `make test` and `make check` run, in order, stopping at the first that fails."""

import os
import subprocess
import sys
import time
from pathlib import Path

import sqlalchemy as sa

from tests.browser.find import find_browser
from tests.conftest import POSTGRES

BIN = Path(sys.executable).parent
QUICK = "--quick" in sys.argv
CHECKS = (
    ("format", ["ruff", "format", "--check", "--quiet", "."]),
    ("lint", ["ruff", "check", "--quiet", "."]),
    ("templates", ["djlint", "templates", "--lint", "--quiet"]),
    ("types", ["mypy"]),
    ("import layers", ["lint-imports"]),
)


def step(name: str, command: list[str], **environment: str) -> None:
    print(f"— {name}", flush=True)
    began = time.monotonic()
    finished = subprocess.run([BIN / command[0], *command[1:]], check=False, env=os.environ | environment)
    if finished.returncode:
        sys.exit(f"{name} failed ({' '.join(command)})")
    print(f"  {time.monotonic() - began:.0f} s", flush=True)


def postgres_answers() -> bool:
    try:
        with sa.create_engine(POSTGRES, connect_args={"connect_timeout": 3}).connect():
            return True
    except sa.exc.SQLAlchemyError:
        return False


for name, command in CHECKS:
    step(name, command)
if QUICK:
    step("tests on SQLite", ["pytest", "-q", "-m", "not browser and not slow"])
    sys.exit()
not_run = []
browser = find_browser()
if postgres_answers():
    step("tests on PostgreSQL", ["pytest", "-q", "-m", "not browser", "--database", "postgresql"])
else:
    not_run.append(
        f"PostgreSQL: nothing answers at {sa.make_url(POSTGRES).render_as_string(hide_password=True)}"
    )
if browser is None:
    not_run.append("browser tests: no Chromium or Chrome was found, and none could be installed")
for what in not_run:
    print(f"! Not run: {what}", flush=True)
if browser is None:
    step("tests on SQLite", ["pytest", "-m", "not browser"])
else:
    step("tests on SQLite and in the browser", ["pytest"], CHROMIUM=browser)
