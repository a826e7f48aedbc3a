"""The run on the terminal: the live panel and the summary."""

from __future__ import annotations

from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from schemas.lineage import LineageEvent
from workers.reporting import words
from workers.reporting.run_view import RunView
from workers.reporting.tables import OUTCOME_STYLES
from workers.reporting.words import styled

RECENT_SHOWN: Final = 5
_BAR: Final = 28


def progress_panel(view: RunView, elapsed: float) -> RenderableType:
    """The state of the run after `elapsed` seconds: stages with bars, money, outcomes, the newest steps."""
    parts: list[RenderableType] = [_stages(view), _outcome_line(view)]
    if view.problems or view.rejected_inputs or len(view.dead_letters):
        parts.append(_trouble_line(view))
    parts.append(_recent(view))
    title = f" {words.duration(elapsed)} · {words.dollars(view.cost_usd())} "
    return Panel(
        Group(*parts), title="Brushfire", title_align="left", subtitle=title, subtitle_align="right", border_style="dim"
    )


def summary_table(view: RunView, wall_s: float | None = None) -> Table:
    """The figures of the run, one on each line; `wall_s` is the duration in seconds, where the caller measured it."""
    summary = view.summary(wall_s)
    table = Table(box=box.SIMPLE, show_header=False, title="The run", title_justify="left")
    table.add_column(style="dim")
    table.add_column()
    table.add_row("signals", Text.assemble((words.thousands(summary.signals), "bold"), "  ", _counts(summary.outcomes)))
    table.add_row(
        "briefs", Text.assemble((words.thousands(summary.briefs), "bold"), "  ", _counts(summary.brief_outcomes))
    )
    for name, number in (
        ("drafts", summary.drafts),
        ("promoted", summary.promoted),
        ("refined", summary.refined),
        ("assets", summary.assets),
    ):
        table.add_row(name, Text(words.thousands(number), style="bold"))
    ratio = f" ({summary.flagship_only_usd / summary.cost_usd:.1f} times)" if summary.cost_usd > 0 else ""
    table.add_row("cost", Text(words.dollars(summary.cost_usd), style="bold"))
    table.add_row("flagship alone", Text(f"{words.dollars(summary.flagship_only_usd)}{ratio}"))
    table.add_row("wall time", Text(words.duration(summary.wall_s)))
    if summary.rejected_inputs or summary.dead_letters:
        table.add_row("troubles", _trouble_line(view))
    for problem in summary.problems:
        table.add_row("problem", styled(problem, "yellow"))
    return table


def _stages(view: RunView) -> Table:
    grid = Table.grid(padding=(0, 2))
    for stage in view.stages():
        bar = ProgressBar(total=max(stage.expected, 1), completed=stage.done, width=_BAR)
        number = f"{words.thousands(stage.done)} of {words.thousands(stage.expected)}"
        grid.add_row(Text(stage.name), bar, Text(number, style="bold", justify="right"))
    return grid


def _outcome_line(view: RunView) -> Text:
    return Text.assemble("\nsignals: ", _counts(view.outcomes()), "   briefs: ", _counts(view.outcomes_of_briefs()))


def _counts(outcomes: dict[str, int]) -> Text:
    """``3 blocked, 12 ignored`` in colours."""
    parts = [Text(f"{number} {name}", style=OUTCOME_STYLES.get(name, "")) for name, number in outcomes.items()]
    return Text(", ").join(parts) if parts else Text("none yet", style="dim")


def _trouble_line(view: RunView) -> Text:
    counted = (
        (len(view.rejected_inputs), "rejected input"),
        (len(view.dead_letters), "dead letter"),
        (len(view.problems), "problem"),
    )
    return Text(", ".join(words.plural(number, noun) for number, noun in counted if number), style="yellow")


def _recent(view: RunView) -> Text:
    lines = [_step(view, event) for event in view.recent[-RECENT_SHOWN:]]
    return Text("\n").join([Text(""), *lines])


def _step(view: RunView, event: LineageEvent) -> Text:
    brief = view.briefs.get(event.brief_id) if event.brief_id else None
    topic = brief.signal.topic if brief else ""
    line = Text.assemble(
        (f"{event.at:%H:%M:%S} ", "dim"), f"{event.step.replace('-', ' ')} ", styled(topic, "bold"), " ",
        styled(event.subject_id, "dim"),
    )  # fmt: skip
    line.no_wrap, line.overflow = True, "ellipsis"
    return line
