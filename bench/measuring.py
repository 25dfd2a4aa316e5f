"""Takes the times: warm up, then ask again and again on kept connections, one request after another."""

import statistics
from dataclasses import dataclass, field

from bench.pages import ADVISOR, API, MANAGER, Case, Records
from bench.serving import Server
from bench.visitor import Fields, Page, Visitor, resolved

WARM_UP = 12


@dataclass
class Figure:
    """What was measured of a case, in milliseconds and bytes."""

    case: Case
    status: int
    median: float = 0.0
    p95: float = 0.0
    first_byte: float = 0.0
    cpu: float = 0.0
    weight: int = 0
    note: str = ""
    times: list[float] = field(default_factory=list)


def visitors(server: Server, users: dict[str, tuple[str, str]], token: str) -> dict[str, Visitor]:
    """Who asks, signed in. A visitor for whom that fails is left out."""
    found = {API: Visitor(server.port, {"Authorization": f"Bearer {token}"})}
    for role in (ADVISOR, MANAGER):
        visitor = Visitor(server.port)
        if visitor.sign_in(*users[role]):
            found[role] = visitor
    return found


def measure(case: Case, visitor: Visitor | None, records: Records, requests: int, server: Server) -> Figure:
    """The case's figure; a page that does not exist has status 404 and no times."""
    if visitor is None:
        return Figure(case, 0, note="not signed in")
    if case.kind == "save":
        return _saving(case, visitor, records, requests, server)
    if case.kind == "export":
        return _export(case, visitor)
    weight = visitor.get(case.path, compressed=True)
    if weight.status != 200:
        return Figure(
            case, weight.status, note="missing" if weight.status == 404 else f"answers {weight.status}"
        )
    for _ in range(WARM_UP):
        visitor.get(case.path)
    figure = Figure(case, 200, weight=weight.weight)
    before = server.cpu()
    figure.times = [visitor.get(case.path).seconds * 1000 for _ in range(requests)]
    figure.cpu = (server.cpu() - before) * 1000 / requests
    return _summed(figure)


def _summed(figure: Figure) -> Figure:
    figure.median = statistics.median(figure.times)
    figure.p95 = statistics.quantiles(figure.times, n=20)[-1] if len(figure.times) > 1 else figure.median
    return figure


def filled_log_form(body: bytes, number: int, organisation: int) -> tuple[str, Fields] | None:
    """Where the log form is sent, and what: as a person fills it, with the first contact and two measures offered."""
    form = Page(body).form_with("title")
    if form is None:
        return None
    return form.action, form.filled(
        {
            "title": f"Møte nummer {number} om nye lokaler",
            "notes": "De trenger større lokaler innen sommeren.\n\n- Sende oversikt\n- Ringe igjen",
            "organisation": str(organisation),
            "contact": form.choices.get("contact", [])[:1],
            "measure": form.choices.get("measure", [])[:2],
            "status": "held",
        }
    )


def _saving(case: Case, visitor: Visitor, records: Records, requests: int, server: Server) -> Figure:
    """Fetch the form, fill it, send it; only the sending counts."""
    figure = Figure(case, 0)
    sendings = max(10, requests // 2)
    for number in range(sendings + WARM_UP):
        page = visitor.get(case.path)
        figure.status = page.status
        filled = filled_log_form(page.body, number, records.organisation)
        if page.status != 200 or filled is None:
            figure.note = "missing" if page.status == 404 else f"the form answers {page.status}"
            return figure
        before = server.cpu()
        answer = visitor.post(resolved(case.path, filled[0] or case.path), filled[1])
        figure.status = answer.status
        if answer.status not in {302, 303}:
            figure.note = f"saving answers {answer.status}"
            return figure
        if number >= WARM_UP:
            figure.times.append(answer.seconds * 1000)
            figure.cpu += (server.cpu() - before) * 1000 / sendings
    return _summed(figure)


def _export(case: Case, visitor: Visitor) -> Figure:
    """As a browser asks, and a few times only: exports are limited in number."""
    answers = [visitor.get(case.path, compressed=True) for _ in range(4)]
    figure = Figure(case, answers[-1].status)
    if figure.status != 200:
        figure.note = "missing" if figure.status == 404 else f"answers {figure.status}"
        return figure
    figure.times = [answer.seconds * 1000 for answer in answers[1:]]
    figure.first_byte = statistics.median(answer.first_byte * 1000 for answer in answers[1:])
    figure.weight = answers[-1].weight
    figure.note = f"{answers[-1].weight / 1e6:.1f} MB"
    return _summed(figure)


def first_load(visitor: Visitor, path: str) -> tuple[int, int]:
    """Compressed bytes of a page with its style sheets and scripts, and of the page alone."""
    page = visitor.get(path, compressed=True)
    plain = visitor.get(path)
    assets = {resolved(path, asset) for asset in Page(plain.body).assets}
    return page.weight + sum(visitor.get(asset, compressed=True).weight for asset in assets), page.weight
