"""How well and how quickly the search box finds what people mean.

    python -m bench.search [--url sqlite:///…] [--queries 300] [--seed 1]

Takes organisations and contacts at random, types each of them in several ways, and says how often it is the first hit and
among the first ten, and how long `find` takes, beside the bare page of the same run. Without `--url` it measures the
*nation* size on both databases, made as `python -m bench` makes it. One whose name others bear too (as *Aas* and *Ås* are
one) counts as found where one of that name is among the ten.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from random import Random

from sqlalchemy import select

from bench.bare import app as bare
from bench.datasets import SIZES, dataset, postgresql_answers
from config import Config
from crm import create_app
from crm.accounts.models import User
from crm.database import begin_reading, end_reading, folded
from crm.extensions import db
from crm.organisations.models import Contact, Organisation
from crm.search.models import Kind
from crm.search.queries import find

LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"
LIMIT = 10
Record = tuple[Kind, int, str, str | None, str | None]
"""Kind, identifier, name, number, e-mail."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__.splitlines()[0])
    parser.add_argument("--url", help="a database that is there; only read")
    parser.add_argument("--queries", type=int, default=300, help="of each way of typing")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.url:
        measure(asked.url, asked.queries, asked.seed)
        return
    for kind in ("sqlite", "postgresql"):
        if kind == "sqlite" or postgresql_answers():
            with dataset(kind, SIZES["nation"]) as url:
                measure(url, asked.queries, asked.seed)


def measure(url: str, queries: int, seed: int) -> None:
    """Prints the table of one database."""
    app = create_app(Config(_env_file=None, secret_key="only-for-the-bench-" + "0" * 32, database_url=url))
    print(f"\n{url.partition(':')[0]}: {queries} queries of each way, milliseconds of `find` in the process")
    print(f"{'':28}{'first':>8}{'in ten':>8}{'median':>9}{'p95':>8}{'× bare':>8}{'p95':>7}")
    with app.app_context():
        token = begin_reading()
        viewer = db.session.scalars(select(User).where(User.role == "advisor")).first()
        assert viewer is not None
        for name, kinds, typed in WAYS:
            rng = Random(seed)
            records = _records(rng, queries, kinds)
            print(
                f"{name:28}{_line(records, lambda r, typed=typed, rng=rng: typed(r, rng), viewer, queries)}",
                flush=True,
            )
        end_reading(token)
        db.session.remove()


def _line(records: list[Record], typed: Callable[[Record], str | None], viewer: User, number: int) -> str:
    asked = [(record, query) for record in records if (query := typed(record))][:number]
    if not asked:
        return "       –"
    first = ten = 0
    times, bares = [], []
    page = bare.test_client()
    for _record, query in asked[:20]:
        find(query, viewer, limit=LIMIT)
    for record, query in asked:
        began = time.perf_counter()
        hits = find(query, viewer, limit=LIMIT).hits
        times.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        page.get("/")
        bares.append((time.perf_counter() - began) * 1000)
        right = [
            hit.kind == record[0] and (hit.id == record[1] or folded(hit.title) == folded(record[2]))
            for hit in hits
        ]
        first += any(right[:1])
        ten += any(right)
    median, p95, one = (
        statistics.median(times),
        statistics.quantiles(times, n=20)[-1],
        statistics.median(bares),
    )
    share = f"{first / len(asked):>8.1%}{ten / len(asked):>8.1%}"
    return f"{share}{median:>9.2f}{p95:>8.2f}{median / one:>8.1f}{p95 / one:>7.1f}"


def _records(rng: Random, number: int, kinds: tuple[Kind, ...]) -> list[Record]:
    found: list[Record] = []
    for kind in kinds:
        model = Organisation if kind is Kind.organisation else Contact
        ids = rng.sample(range(1, db.session.query(model).count() + 1), 4 * number // len(kinds))
        for start in range(0, len(ids), 500):
            for row in db.session.scalars(
                select(model).where(model.id.in_(ids[start : start + 500]), model.deleted_at.is_(None))
            ):
                number_ = row.organisation_number if isinstance(row, Organisation) else row.phone
                found.append((kind, row.id, row.name, number_, row.email))
    rng.shuffle(found)
    return found


def slip(text: str, rng: Random) -> str:
    """The text with one slip: a wrong letter, one left out, one doubled, or two swapped."""
    places = [at for at, letter in enumerate(text) if letter.isalpha()]
    at = rng.choice(places)
    match rng.randrange(4):
        case 0:
            return text[:at] + rng.choice(LETTERS) + text[at + 1 :]
        case 1:
            return text[:at] + text[at + 1 :]
        case 2:
            return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]


def slips(number: int) -> Callable[[Record, Random], str | None]:
    def typed(record: Record, rng: Random) -> str | None:
        text = record[2]
        for _ in range(number):
            text = slip(text, rng)
        return text if folded(text) != folded(record[2]) else None

    return typed


def _beginning(record: Record, rng: Random) -> str:
    name = record[2]
    return name[: max(4, int(len(name) * rng.uniform(0.5, 0.9)))]


def _reordered(record: Record, _rng: Random) -> str | None:
    words = record[2].split()
    return " ".join([*words[1:], words[0]]) if len(words) > 1 else None


def _spaced(record: Record, rng: Random) -> str | None:
    if record[3] is None:
        return None
    digits = record[3].removeprefix("+47")
    size = rng.choice((2, 3))
    return ("+47 " if rng.random() < 0.3 and len(digits) == 8 else "") + " ".join(
        digits[at : at + size] for at in range(0, len(digits), size)
    )


def _part(record: Record, _rng: Random) -> str | None:
    return record[3][-6:] if record[3] else None


ORGANISATIONS, CONTACTS = (Kind.organisation,), (Kind.contact,)
WAYS: list[tuple[str, tuple[Kind, ...], Callable[[Record, Random], str | None]]] = [
    (f"{name}, {whose}", kinds, typed)
    for whose, kinds in (("organisations", ORGANISATIONS), ("contacts", CONTACTS))
    for name, typed in (
        ("exact name", lambda record, _rng: record[2]),
        ("beginning", _beginning),
        ("one slip", slips(1)),
        ("two slips", slips(2)),
        ("words turned", _reordered),
        ("number spaced", _spaced),
        ("number's end", _part),
        ("e-mail", lambda record, _rng: record[4]),
    )
]


if __name__ == "__main__":
    main()
