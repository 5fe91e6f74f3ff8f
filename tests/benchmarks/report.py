"""What a benchmark found, as a table to read and as one JSON object."""

import os
import platform
from collections.abc import Iterator, Sequence

from tests.benchmarks.harness import Line, Table


def machine() -> dict[str, object]:
    return {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()}


def as_text(table: Table) -> str:
    """Columns: name, wall, CPU, their ratios to ours, peak, spread, then the other figures, each beside its name."""
    scale = 1e6 if table.unit.startswith("µs") else 1
    ours = table.lines[0].median
    rows = [["", f"durée {table.unit}", f"CPU {table.unit}", "durée / nous", "CPU / nous", "mém. Mo", "écart", ""]]
    for line in table.lines:
        if line.median is None:
            rows.append([line.name, *["—"] * 6, f"pas mesuré\u00a0: {line.note}"])
            continue
        of_ours = (ours.wall, ours.cpu) if ours else (0.0, 0.0)
        ratios = [_ratio(line.median.wall, of_ours[0]), _ratio(line.median.cpu, of_ours[1])]
        times = [f"{value * scale:.{0 if scale > 1 else 3}f}" for value in (line.median.wall, line.median.cpu)]
        others = "; ".join([f"{name} {value:,.0f}".replace(",", " ") for name, value in line.median.figures.items()])
        last = "; ".join(part for part in (others, line.note) if part)
        rows.append([line.name, *times, *ratios, f"{line.median.peak_mb:.0f}", f"{line.spread:.0%}", last])
    return "\n".join([table.title, *_aligned(rows)])


def _ratio(value: float, ours: float) -> str:
    return f"{value / ours:.2f}×" if ours else "—"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    for first, *middle, last in rows:
        figures = "  ".join(cell.rjust(width) for cell, width in zip(middle, widths[1:], strict=True))
        yield f"  {first:<{widths[0]}}  {figures}  {last}".rstrip()


def as_json(table: Table) -> dict[str, object]:
    return {"title": table.title, "unit": table.unit, "contenders": [_line(line) for line in table.lines]}


def _line(line: Line) -> dict[str, object]:
    if line.median is None:
        return {"name": line.name, "missing": line.note}
    return {
        "name": line.name,
        "wall_seconds": line.median.wall,
        "cpu_seconds": line.median.cpu,
        "peak_mb": line.median.peak_mb,
        "cpu_spread": line.spread,
        "figures": dict(line.median.figures),
        "note": line.note,
    }
