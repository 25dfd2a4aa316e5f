"""What was measured, as a table that people read."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.measuring import Figure
from bench.serving import ROOT

RESULTS = ROOT / "bench" / "results"
HEADER = "| page | median ms | p95 ms | × bare | budget | | CPU ms | × bare | SQL | SQL alone ms | kB |"
RULE = "|---|--:|--:|--:|---|---|--:|--:|--:|--:|--:|"


@dataclass
class Run:
    """One size on one database."""

    size: str
    database: str
    bare: Figure
    figures: list[Figure]
    statements: dict[str, Any]
    first_load: tuple[int, int] | None
    memory: list[float]
    notes: list[str] = field(default_factory=list)

    def times_bare(self, figure: Figure) -> float:
        return figure.median / self.bare.median

    def verdict(self, figure: Figure) -> tuple[str, str]:
        """The budget as it is written, and whether it was kept."""
        case, bare = figure.case, self.bare.median
        kept: list[tuple[str, bool]] = []
        if case.kind == "export":
            kept.append((f"first byte ≤ {case.budget:g} ×", figure.first_byte <= (case.budget or 0) * bare))
        elif case.budget:
            kept.append((f"≤ {case.budget:g} ×", figure.median <= case.budget * bare))
        if case.kind == "report":
            alone = self.statements.get(case.name, {}).get("milliseconds", 0.0)
            kept.append(("≤ 1.3 × SQL + bare", figure.median <= 1.3 * alone + bare))
        if case.p95_budget:
            kept.append((f"p95 ≤ {case.p95_budget:g} ×", figure.p95 <= case.p95_budget * bare))
        return ", ".join(text for text, _ in kept), "ok" if all(fine for _, fine in kept) else "**over**"

    def _cpu(self, figure: Figure) -> str:
        """Processor time of the worker, which a busy machine changes less than the clock's."""
        return (
            f"{figure.cpu:.2f} | {figure.cpu / self.bare.cpu:.1f}" if figure.cpu and self.bare.cpu else " | "
        )

    def table(self) -> list[str]:
        lines = [
            HEADER,
            RULE,
            f"| *the bare page* | {self.bare.median:.2f} | {self.bare.p95:.2f} | 1.0 | | | {self.bare.cpu:.2f} | 1.0 | 1 | | |",
        ]
        for figure in self.figures:
            counted = self.statements.get(figure.case.name, {})
            if figure.times:
                budget, verdict = self.verdict(figure)
                sql = counted.get("statements", "")
                sql = f"**{sql}**" if isinstance(sql, int) and sql > 8 and figure.case.kind != "save" else sql
                alone = f"{counted['milliseconds']:.2f}" if counted and figure.case.kind != "save" else ""
                first = f", first byte {figure.first_byte:.1f} ms" if figure.first_byte else ""
                note = f" ({figure.note}{first})" if figure.note else ""
                lines.append(
                    f"| {figure.case.name}{note} | {figure.median:.2f} | {figure.p95:.2f} | "
                    f"{self.times_bare(figure):.1f} | {budget} | {verdict} | {self._cpu(figure)} | {sql} | {alone} | {figure.weight / 1000:.1f} |"
                )
            else:
                lines.append(f"| {figure.case.name} | {figure.note} | | | | | | | | | |")
        return lines

    def text(self) -> str:
        memory = ", ".join(f"{value:.0f}" for value in self.memory)
        lines = [f"## {self.size} on {self.database}", "", *self.table(), ""]
        lines.append(
            f"Worker memory after the run: {memory} MB (budget 150: {_kept(max(self.memory) <= 150)})."
        )
        if self.first_load:
            whole, page = self.first_load
            lines.append(
                f"Page weight of my day, compressed: {whole / 1000:.1f} kB on first load besides the font "
                f"(budget 60: {_kept(whole <= 60_000)}), {page / 1000:.1f} kB after (budget 15: {_kept(page <= 15_000)})."
            )
        plain = self.statements.get("plain report")
        if plain:
            lines.append(
                f"Plain SQL for interactions per measure over the plan, counted from the rows: {plain['milliseconds']:.2f} ms."
            )
        slow = [
            (ms, name, sql)
            for name, counted in self.statements.items()
            for ms, sql in counted.get("slowest", [])
            if ms >= max(1.0, self.bare.median)
        ]
        if slow:
            lines += ["", "Statements that alone take as long as the bare page:", ""]
            lines += [f"- {ms:.1f} ms, {name}: `{sql}`" for ms, name, sql in sorted(slow, reverse=True)]
        lines += self.notes
        return "\n".join(lines) + "\n"

    def write(self, at: datetime) -> Path:
        RESULTS.mkdir(parents=True, exist_ok=True)
        path = RESULTS / f"{at:%Y-%m-%d}-{self.size}-{self.database}.md"
        path.write_text(
            f"Measured {at:%Y-%m-%d %H:%M} on two gunicorn workers.\n\n{self.text()}", encoding="utf-8"
        )
        return path


def _kept(fine: bool) -> str:
    return "ok" if fine else "**over**"


def growth(smaller: Run, larger: Run) -> str:
    """How much slower each page is on the larger data, in times the bare page of its own run."""
    before = {figure.case.name: figure for figure in smaller.figures if figure.times}
    lines = [
        f"## Growth from {smaller.size} to {larger.size} on {larger.database}",
        "",
        "| page | × | budget ≤ 1.3 |",
        "|---|--:|---|",
    ]
    for figure in larger.figures:
        if figure.times and figure.case.name in before and figure.case.kind != "export":
            times = larger.times_bare(figure) / smaller.times_bare(before[figure.case.name])
            lines.append(f"| {figure.case.name} | {times:.2f} | {_kept(times <= 1.3)} |")
    return "\n".join(lines) + "\n"
