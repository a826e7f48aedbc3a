"""What changed between two versions of a model, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from routing.calibration.comparison import ACCEPTED
from routing.calibration.equating import SCORE
from schemas.calibration import Calibration, CalibrationVerdict, MeasurementChange, MovedLimit
from schemas.golden import GoldenRun

NOUNS: Final[Mapping[str, str]] = {
    SCORE: "the score",
    ACCEPTED: "the share of accepted images",
    "text.contrast": "the contrast of the weakest text",
    "text.contrast.headline": "the contrast of the headline",
    "text.contrast.line": "the contrast of the line",
    "text.contrast.call_to_action": "the contrast of the call to action",
    "text.contrast.legal": "the contrast of the legal line",
    "text.height.headline": "the size of the headline",
    "text.height": "the size of the smallest text",
    "text.clutter": "the unrest behind text",
    "text.inside_safe_area": "the text inside the safe area",
    "wording.found": "the share of the copy that is there",
    "wording.wrong_letters": "the number of wrong letters",
    "brand_colour.coverage": "the share of brand colours",
    "brand_colour.distance": "the distance to the brand's colours",
    "brand_colour.primary_distance": "the distance to the brand's first colour",
    "logo.match": "the likeness of the logo",
    "logo.crowding": "the crowding of the logo",
    "technical.edge_blur": "the blur of edges",
    "technical.noise": "the noise",
    "technical.contrast": "the contrast of light and dark",
    "technical.exposure": "the mean brightness",
    "technical.clipped_shadows": "the share of blacked-out shadows",
    "technical.clipped_highlights": "the share of washed-out highlights",
    "technical.colourfulness": "the liveliness of the colours",
    "technical.banding": "the banding of gradients",
    "technical.blockiness": "the blocks of the codec",
    "composition.imbalance": "the imbalance",
    "novelty.published": "the distance to what was published",
    "alignment.prompt": "the likeness to what was asked for",
    "safety.nudity": "the likelihood of nudity",
    "drift.structure": "the structure kept by refinements (SSIM)",
    "drift.layout": "the layout moved by refinements",
    "drift.colour_places": "the change of colours in place",
    "drift.palette": "the change of the palette",
    "drift.brand_coverage": "the brand colours won or lost by refinements",
}
EMPHASIS: Final[Mapping[str, tuple[str, str]]] = {
    "technical.exposure": ("Bright, even light over the whole image", "Subdued light, nothing overexposed"),
    "technical.contrast": ("Clear light and dark, a full range of tones", ""),
    "technical.colourfulness": ("Lively, saturated colours", ""),
    "technical.edge_blur": ("", "Crisp, sharp edges"),
    "technical.noise": ("", "Clean surfaces without grain"),
    "text.contrast": ("All text in strong contrast to its ground, dark on light or light on dark", ""),
    "text.height.headline": ("A large headline", ""),
    "text.clutter": ("", "Calm, even ground behind all text"),
    "brand_colour.coverage": ("The brand's colours, exactly as given, on large areas", ""),
    "brand_colour.distance": ("", "No colours but the brand's, exactly as given"),
    "logo.crowding": ("", "Empty space around the logo"),
    "composition.imbalance": ("", "A balanced composition"),
}
"""What the prompt gains if a measurement fell (first) or rose (second) to the worse."""

_MENTIONED_MOVE: Final = 0.05
"""Part of a limit by which it must move to be mentioned."""


def noun(measurement: str) -> str:
    """What `measurement` is called in a sentence."""
    return NOUNS.get(measurement, measurement)


def emphasis_for(moved: Sequence[MeasurementChange]) -> tuple[str, ...]:
    """What to add to a prompt so that a version does less of what it now does more, most changed first."""
    ordered = sorted(moved, key=lambda comparison: -abs(comparison.delta))
    texts = (EMPHASIS.get(c.measurement, ("", ""))[0 if c.delta < 0 else 1] for c in ordered)
    return tuple(text for text in texts if text)


def report_sentences(
    calibration: Calibration,
    against: str,
    verdict: CalibrationVerdict,
    comparisons: Sequence[MeasurementChange],
    limits: Sequence[MovedLimit],
    accepted: tuple[float, float, float],
) -> Iterator[str]:
    """The report's sentences. `accepted` are the shares before, after, and after under `calibration`."""
    name, (before, after, under) = f"{calibration.model}@{calibration.version}", accepted
    moved, against = [comparison for comparison in comparisons if comparison.moved], f"version {against}"
    if verdict == "same":
        yield f"{name} draws like {against}: no measurement changed significantly and visibly."
        yield f"{after:.0%} of its images are accepted, {before:.0%} of those of {against}."
        yield from _remedies(calibration)
        return
    yield f"{name} does not draw like {against}: {len(moved)} of {len(comparisons)} measurements changed."
    yield from (_sentence(comparison) for comparison in sorted(moved, key=lambda c: -abs(c.delta)))
    yield f"As they are, {after:.0%} of its images are accepted; of {against} {before:.0%} were."
    if calibration.equatings:
        yield f"Read on the scale of {against}, {under:.0%} are accepted."
    for limit in (limit for limit in limits if abs(limit.after - limit.before) >= _MENTIONED_MOVE * limit.before):
        yield f"The limit on {noun(limit.measurement)}, {limit.before:.3g}, is {limit.after:.3g} for it."
    yield from _remedies(calibration)
    if verdict == "beyond-repair":
        yield "That is not enough, or something changed that no calibration compensates: do not switch to it."


def run_notes(run: GoldenRun) -> tuple[str, ...]:
    """Further notes on the later version's run: images that were not made, and another name for the version."""
    count = sum(run.failed.values())
    others = [name for name in run.answered if name != run.version]
    failed = f"{count} images were not made and are in no share: {'; '.join(run.failed)}."
    return (*((failed,) if count else ()), *((f"It reports its version as {', '.join(others)}.",) if others else ()))


def _remedies(calibration: Calibration) -> Iterator[str]:
    if calibration.strength < 1.0:
        yield f"Handovers to it work at {calibration.strength:.0%} of their strength."
    if calibration.dialect is not None:
        yield f"It is prompted in the dialect {calibration.dialect}."
    if calibration.emphasis:
        yield f"Its prompt gains: {'; '.join(calibration.emphasis)}."


def _sentence(c: MeasurementChange) -> str:
    way = "rose" if c.delta > 0 else "fell"
    sure = "p < 0.001" if c.p_adjusted < 0.001 else f"p = {c.p_adjusted:.3f}"  # noqa: PLR2004 - three digits are shown
    if c.measurement == ACCEPTED:
        return f"{_capital(noun(c.measurement))} {way} from {c.before:.0%} to {c.after:.0%} ({sure})."
    return (
        f"{_capital(noun(c.measurement))} {way} from {c.before:.3g} to {c.after:.3g} "
        f"({c.effect} effect, delta {c.delta:+.2f}, {c.low:+.2f} to {c.high:+.2f}; {sure})."
    )


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
