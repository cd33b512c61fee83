"""Bars as SVG: labels are text, and the colours are readable on a light and on a dark page."""

import statistics
from html import escape

from bench.figures import Figure, amount

WIDTH, LABELS, BAR, STEP = 720, 270, 20, 30
STYLE = """text{font:13px system-ui,sans-serif;fill:#24292f}.t{font-weight:600}.b{fill:#8c959f}
.o{fill:#0969da}.s{stroke:#57606a}
@media(prefers-color-scheme:dark)
{text{fill:#e6edf3}.b{fill:#6e7681}.o{fill:#58a6ff}.s{stroke:#c9d1d9}}"""


def bars(figure: Figure) -> str:
    """The medians of a figure's series as bars, the register's in colour, each with a line from
    lowest to highest.
    """
    most = max(max(values) for values in figure.series.values()) or 1.0
    scale = (WIDTH - LABELS - 90) / most
    title = f"{figure.title} ({BACKENDS[figure.backend]}), {figure.unit}"
    parts = [f'<text class="t" x="8" y="20">{escape(title)}</text>']
    for number, (name, values) in enumerate(figure.series.items()):
        parts += _bar(
            name, values, 36 + number * STEP, scale, "o" if _is_ours(name, number) else "b"
        )
    height = 36 + len(figure.series) * STEP + 4
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}"'
    )
    return (
        (f'{head} role="img" aria-label="{escape(title)}">\n<style>{STYLE}</style>\n')
        + "\n".join(parts)
        + "\n</svg>\n"
    )


BACKENDS = {"sqlite": "SQLite, embedded broker", "postgres": "PostgreSQL, RabbitMQ"}


def _bar(name: str, values: list[float], top: int, scale: float, kind: str) -> list[str]:
    median, middle, base = statistics.median(values), top + BAR / 2, top + 15
    length, end = median * scale, LABELS + max(values) * scale
    drawn = [
        f'<text x="{LABELS - 8}" y="{base}" text-anchor="end">{escape(name)}</text>',
        f'<rect class="{kind}" x="{LABELS}" y="{top}" width="{length:.1f}" height="{BAR}" rx="2"/>',
        f'<text x="{end + 8:.1f}" y="{base}">{amount(median)}</text>',
    ]
    if len(values) > 1:
        start = LABELS + min(values) * scale
        drawn.append(f'<path class="s" d="M{start:.1f} {middle}H{end:.1f}" stroke-width="2"/>')
    return drawn


def _is_ours(name: str, number: int) -> bool:
    return number == 0 or name.startswith("the register")
