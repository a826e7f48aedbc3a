"""One number from a scorecard, with the gates that it cannot outweigh and the reasons as sentences.

The score is the weighted mean of the merits of all criteria (`routing.scoring.criteria`), each weight multiplied by the
campaign's factor for its group. A failed gate leaves the score as it is and keeps the candidate from being promoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Final

from routing.scoring.criteria import CRITERIA, GATES, SOUND, ScoreGate
from schemas.campaigns import ScoreWeights
from schemas.scorecards import Measurement, Scorecard

WEIGHTS: Final[Mapping[str, float]] = {name: criterion.weight for name, criterion in CRITERIA.items()}

_PRAISED: Final = 2
"""Strengths that are named, so that a promotion says why and not everything."""


@dataclass(frozen=True, slots=True)
class Score:
    """`value` is 0 to 1; `gates` are the measurements whose limit is broken; `reasons` are sentences, gates first.

    `weaknesses` are the measurements below sound, the heaviest first.
    """

    value: float
    gates: tuple[str, ...]
    reasons: tuple[str, ...]
    weaknesses: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def weights_of(groups: ScoreWeights) -> Mapping[str, float]:
    """The weight of each criterion, with the campaign's factors for their groups."""
    weights = {name: criterion.weight * getattr(groups, criterion.group) for name, criterion in CRITERIA.items()}
    return MappingProxyType(weights)


def overall(card: Scorecard, *, weights: Mapping[str, float] | None = None) -> Score:
    """The score of `card`, by its campaign's weights or by `weights`.

    Args:
        card: the scorecard.
        weights: weights by criterion, at least 0; criteria may be left out.

    Raises:
        ValueError: a weight is negative, or is that of an unknown criterion.
    """
    weights = weights_of(card.weights) if weights is None else _checked(weights)
    measured = {m.name: m for m in card.measurements}
    merits = {name: CRITERIA[name].merit(measured[name].value) for name in weights if name in measured}
    broken = _broken(measured)
    failed = [_say(gate.reason, measured[name]) for name, gate in broken.items()]
    weak = _weaknesses(merits, weights)
    blamed = [_say(CRITERIA[name].blame, measured[name]) for name in weak if name not in broken]
    reasons = (*failed, *_praise(merits, weights, measured), *blamed)
    return Score(_mean(merits, weights), tuple(broken), reasons, weak)


def _checked(weights: Mapping[str, float]) -> Mapping[str, float]:
    unknown = [name for name, weight in weights.items() if name not in CRITERIA or weight < 0.0]
    if unknown:
        raise ValueError(f"no criteria, or below zero: {', '.join(unknown)}; there are {', '.join(CRITERIA)}")
    return weights


def objections(measurements: Iterable[Measurement]) -> tuple[str, ...]:
    """The names of `measurements` that break a gate or are below sound."""
    measured = {m.name: m for m in measurements}
    weak = [name for name, m in measured.items() if name in CRITERIA and CRITERIA[name].merit(m.value) < SOUND]
    return tuple(dict.fromkeys((*_broken(measured), *weak)))


def broken_gates(measurements: Iterable[Measurement]) -> tuple[str, ...]:
    """The names of `measurements` that break a gate: `Score.gates` before there is a card."""
    return tuple(_broken({m.name: m for m in measurements}))


def _broken(measured: Mapping[str, Measurement]) -> dict[str, ScoreGate]:
    return {name: gate for name, gate in GATES.items() if name in measured and gate.fails(measured[name].value)}


def _mean(merits: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The weighted mean; what was not measured counts as sound, unless it is optional."""
    counted = {name: merits.get(name, SOUND) for name in weights if name in merits or not CRITERIA[name].optional}
    total = sum(weights[name] for name in counted)
    value = sum(weights[name] * merit for name, merit in counted.items()) / total if total else 0.0
    return min(1.0, max(0.0, value))


def _weaknesses(merits: Mapping[str, float], weights: Mapping[str, float]) -> tuple[str, ...]:
    losses = sorted(merits, key=lambda name: -weights[name] * (1.0 - merits[name]))
    return tuple(name for name in losses if merits[name] < SOUND)


def _praise(
    merits: Mapping[str, float], weights: Mapping[str, float], measured: Mapping[str, Measurement]
) -> list[str]:
    """The strengths that counted most."""
    gains = sorted(merits, key=lambda name: -weights[name] * merits[name])
    named = islice((name for name in gains if merits[name] >= SOUND), _PRAISED)
    return [_say(CRITERIA[name].praise, measured[name]) for name in named]


def _say(sentence: str, measurement: Measurement) -> str:
    return sentence.format(value=measurement.value, detail=measurement.detail)
