"""What the safety verdict finds and misses, and what it takes: ``python -m bench.eye.safety``.

Three hundred titles of a hot-search list, labelled by hand (the head of tests/data/weibo-300.jsonl says how), are
judged as the topic and headline of a signal. Recall counts the titles that must be blocked and are; precision the
blocked ones that may be blocked, where titles on which careful people differ count for neither side. The forty
sample trends are judged beside them. A verdict is timed with languages detected and without, against a bare search
for every Chinese term by ``in``.
"""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from bench.figures import Figure, report, say
from infra.lexicons import load_lexicons
from infra.lexicons.language import signal_languages
from routing.safety.screening import SignalScreen
from schemas.base import base_language
from schemas.safety import Verdict
from schemas.signals import Headline, Signal
from workers.intake.feeds import read_feed

ROOT: Final = Path(__file__).parents[2]
TITLES: Final = ROOT / "tests" / "data" / "weibo-300.jsonl"
TRENDS: Final = ROOT / "examples" / "signals"
NEVER_ANSWERED: Final = frozenset({
    "тигран кеосаян", "hezbollah", "perrie edwards", "metropoles df", "屋久島", "ゼレンスキー大統領",
    "receita federal do brasil", "amanda wanessa", "trump ryder cup",
})  # fmt: skip
"""Ten of the forty trends: тигран кеосаян is in two markets."""
REPEATS: Final = 5
TABLE_WIDTH: Final = 150
OBSERVED: Final = datetime(2026, 8, 15, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A title, its label (block, pass or either), the kinds of harm in it, and the verdict on it."""

    title: str
    label: str
    categories: tuple[str, ...]
    verdict: Verdict

    @property
    def decision(self) -> str:
        """What the verdict says."""
        return self.verdict.decision


def title_signal(title: str) -> Signal:
    """A signal whose only headline is its topic."""
    return Signal(
        signal_id="bench",
        source="bench",
        topic=title,
        market="CN",
        language="zh",
        observed_at=OBSERVED,
        expires_at=OBSERVED + timedelta(hours=1),
        headlines=(Headline(text=title, language="zh"),),
    )


def judged_titles(screen: SignalScreen) -> list[Labelled]:
    """The labelled titles with their verdicts."""
    lines = TITLES.read_text("utf-8").splitlines()[1:]
    return [_judged(screen, json.loads(line)) for line in lines]


def _judged(screen: SignalScreen, row: dict[str, Any]) -> Labelled:
    signal = title_signal(row["title"])
    verdict = screen.verdict(signal, signal_languages(signal))
    return Labelled(row["title"], row["label"], tuple(row["categories"]), verdict)


def title_figures(titles: Sequence[Labelled]) -> list[Figure]:
    """Recall, precision and what is held."""
    must = [one for one in titles if one.label == "block"]
    found = sum(one.decision == "blocked" for one in must)
    kept = sum(one.decision != "clear" for one in must)
    wrong = sum(one.decision == "blocked" for one in titles if one.label == "pass")
    harmless = [one for one in titles if one.label == "pass"]
    agreed = sum(bool(_kinds(one.verdict) & set(one.categories)) for one in must if one.decision == "blocked")
    return [
        Figure("titles that must be blocked", len(must), "titles"),
        Figure("recall: of these blocked", found / len(must), "ratio", ">= 0.95"),
        Figure("of these not answered: blocked or held", kept / len(must), "ratio"),
        Figure("precision: of blocked titles, must over must and must not", found / (found + wrong), "ratio", ">= 0.7"),
        Figure("harmless titles blocked", wrong, f"of {len(harmless)}"),
        Figure("harmless titles held", sum(one.decision == "held" for one in harmless), f"of {len(harmless)}"),
        Figure("blocked for a kind that the label names", agreed / found, "ratio"),
    ]


def _kinds(verdict: Verdict) -> set[str]:
    return {finding.category for finding in verdict.findings}


def confusion_figures(titles: Sequence[Labelled]) -> list[Figure]:
    """How many titles of each label got each verdict."""
    counts = Counter((one.label, one.decision) for one in titles)
    return [
        Figure(f"labelled {label}, judged {decision}", count, f"of {len(titles)}")
        for (label, decision), count in sorted(counts.items())
    ]


def confusion(titles: Sequence[Labelled]) -> Table:
    """The same for people, by kind: label (the weightiest kind) against verdict (the weightiest finding)."""
    counts = Counter((_row(one), _column(one)) for one in titles)
    columns = sorted({column for _, column in counts})
    table = Table("labelled \\ judged", *columns, title="titles by kind")
    for row in sorted({row for row, _ in counts}):
        table.add_row(row, *(str(counts[row, column] or "") for column in columns))
    return table


def _row(one: Labelled) -> str:
    return " ".join((one.label, *one.categories[:1]))


def _column(one: Labelled) -> str:
    return one.decision if one.decision != "blocked" else str(one.verdict.category)


def trends() -> Iterator[Signal]:
    """The forty sample trends."""
    for feed in sorted(TRENDS.glob("google-trends-*.rss")):
        for entry in read_feed(feed, lifetime=timedelta(hours=6)):
            if isinstance(entry, Signal):
                yield entry


def trend_figures(screen: SignalScreen, signals: Sequence[Signal]) -> list[Figure]:
    """The verdicts on the forty."""
    decisions = [(one.topic in NEVER_ANSWERED, screen.verdict(one, signal_languages(one)).decision) for one in signals]
    never = [decision for named, decision in decisions if named]
    harmless = [decision for named, decision in decisions if not named]
    return [
        Figure("sample trends that are never to be answered: blocked", never.count("blocked"), "of 10", ">= 10"),
        Figure("other sample trends blocked", harmless.count("blocked"), f"of {len(harmless)}", "<= 0"),
        Figure("other sample trends held", harmless.count("held"), f"of {len(harmless)}"),
    ]


def speed_figures(screen: SignalScreen, titles: Sequence[Labelled], signals: Sequence[Signal]) -> list[Figure]:
    """Microseconds a signal, medians of `REPEATS` passes."""
    short = [title_signal(one.title) for one in titles]
    pairs = [(one, signal_languages(one)) for one in short]
    long = [(one, signal_languages(one)) for one in signals]
    terms = [
        term.text for lexicon in load_lexicons() if base_language(lexicon.language) == "zh" for term in lexicon.terms
    ]
    texts = [one.title for one in titles]
    return [
        _timed("verdict on a title", len(pairs), lambda: [screen.verdict(*pair) for pair in pairs]),
        _timed(
            f"bare search for {len(terms)} terms by `in`", len(texts), lambda: [_bare(text, terms) for text in texts]
        ),
        _timed("verdict on a sample trend", len(long), lambda: [screen.verdict(*pair) for pair in long]),
        _timed("languages of a sample trend", len(long), lambda: [signal_languages(one) for one in signals]),
    ]


def _bare(text: str, terms: Sequence[str]) -> int:
    return sum(term in text for term in terms)


def _timed(what: str, count: int, work: Callable[[], object]) -> Figure:
    taken = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return Figure(what, statistics.median(taken) / count * 1e6, "microseconds a signal")


def main() -> None:
    """Measure and report."""
    started = time.perf_counter()
    lexicons = load_lexicons()
    screen = SignalScreen(lexicons)
    seconds = time.perf_counter() - started
    say(f"{sum(len(lexicon.terms) for lexicon in lexicons)} terms in {len(lexicons)} lexicons, read in {seconds:.1f} s")
    titles, signals = judged_titles(screen), list(trends())
    for one in titles:
        if (one.label == "block" and one.decision != "blocked") or (one.label == "pass" and one.decision == "blocked"):
            say(f"{one.label}, judged {_column(one)}: {one.title} ({one.verdict.reason})")
    Console(width=TABLE_WIDTH, highlight=False).print(confusion(titles))
    loading = Figure("reading and indexing the lexicons, once a process", seconds, "s")
    report(
        "safety",
        [
            *title_figures(titles),
            *confusion_figures(titles),
            *trend_figures(screen, signals),
            *speed_figures(screen, titles, signals),
            loading,
        ],
    )


if __name__ == "__main__":
    main()
