"""`make bench`: times of the product's pages under its real server, beside two limits taken in the same run.

    python -m bench [--size office,county] [--database sqlite,postgresql] [--requests 200]

SIZES and DATABASE in the environment do the same. `nation` is a million interactions and is only run when asked for.
Tables go to standard output and to bench/results/.
"""

import argparse
import json
import os
import subprocess
import sys
from datetime import datetime

from bench.datasets import SIZES, Size, dataset, postgresql_answers, settings
from bench.measuring import Figure, first_load, measure, visitors
from bench.pages import ADVISOR, MANAGER, Case, cases, find_records, plain_report
from bench.results import Run, growth
from bench.serving import ROOT, serving
from bench.visitor import Visitor
from crm.accounts.models import Role
from crm.demo.staff import DEMO_PASSWORD, sign_ins


def main() -> None:
    asked = _arguments()
    at = datetime.now().astimezone()
    for kind in asked.database:
        if kind == "postgresql" and not postgresql_answers():
            print("PostgreSQL does not answer at TEST_POSTGRES_URL: measured on SQLite only.")
            continue
        runs = []
        for name in asked.size:
            run = _run(kind, SIZES[name], asked.requests, asked.only)
            print(f"\n{run.text()}\nWritten to {run.write(at).relative_to(ROOT)}\n", flush=True)
            runs.append(run)
        for larger in runs[1:]:
            print(growth(runs[0], larger), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--size", default=os.environ.get("SIZE", "office,county"), help="of office, county, nation"
    )
    parser.add_argument("--database", default=os.environ.get("DATABASE", "sqlite,postgresql"))
    parser.add_argument("--requests", type=int, default=200, help="requests per page")
    parser.add_argument("--only", default="", help="only pages whose name has this in it")
    asked = parser.parse_args()
    asked.size, asked.database = (value.replace(",", " ").split() for value in (asked.size, asked.database))
    for name in asked.size:
        if name not in SIZES:
            parser.error(f"there is no size {name}: use {', '.join(SIZES)}")
    return asked


def _run(kind: str, size: Size, requests: int, only: str) -> Run:
    users = {
        {Role.advisor: ADVISOR, Role.manager: MANAGER}.get(one.role, one.role.value): (
            one.email,
            DEMO_PASSWORD,
        )
        for one in sign_ins()
    }
    with dataset(kind, size) as url:
        token = _token(url)
        records = find_records(url)
        wanted = [case for case in cases(records) if only in case.name]
        counted = _statements(url, wanted, {role: users[role] for role in (ADVISOR, MANAGER)}, token, records)
        with (
            serving("bench.bare:app", "/") as bare_server,
            serving("wsgi:app", "/health/live", **settings(url)) as server,
        ):
            by_role = visitors(server, users, token)
            bare_case, bare_visitor = Case("bare", "/"), Visitor(bare_server.port)
            bare = measure(bare_case, bare_visitor, records, requests, bare_server)
            figures = []
            for case in wanted:
                figures.append(measure(case, by_role.get(case.by), records, requests, server))
                _more(bare, bare_visitor)
            return Run(
                size.name,
                kind,
                bare,
                figures,
                counted,
                first_load(by_role[ADVISOR], "/") if ADVISOR in by_role else None,
                server.memory(),
            )


def _more(bare: Figure, visitor: Visitor) -> None:
    """The bare page again between the others: a machine that others use as well is not equally fast throughout."""
    for _ in range(20):
        bare.times.append(visitor.get("/").seconds * 1000)
    ordered = sorted(bare.times)
    bare.median, bare.p95 = ordered[len(ordered) // 2], ordered[len(ordered) * 19 // 20]


def _token(url: str) -> str:
    """A token for the API; without the command, one that opens nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "tokens", "create", "bench", "--scope", "read"],
        cwd=ROOT,
        env=os.environ | settings(url),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip().splitlines()[-1] if done.returncode == 0 and done.stdout.strip() else "none"


def _statements(
    url: str, wanted: list[Case], users: dict[str, tuple[str, str]], token: str, records: object
) -> dict:
    asked = {
        "cases": [(case.name, case.by, case.path, case.kind) for case in wanted if case.kind != "export"],
        "users": users,
        "token": token,
        "organisation": records.organisation,
        "plain_report": plain_report(records),
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.statements"],
        cwd=ROOT,
        env=os.environ | settings(url),
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"statements were not counted:\n{done.stderr[-1500:]}", file=sys.stderr)
        return {}
    return json.loads(done.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
