"""Promotion: the best k candidates that pass the gates and differ from each other.

Greedy maximal marginal relevance (Carbonell and Goldstein, 1998): each pick maximises
``weight * score - (1 - weight) * similarity to the nearest pick``, and a near-duplicate of a pick waits
until nothing different is left. Ties break by id, so the same candidates give the same answer in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict

from routing.brief.diagnosis import Finding
from routing.scoring.novelty import distance, same_idea
from schemas.images import ImageRef
from schemas.scorecards import Signature

RELEVANCE_WEIGHT: Final = 0.7
"""Share of the score against novelty; 0.7 is the usual middle of the 0.5 to 0.9 that the literature tries."""


class Candidate(BaseModel):
    """A scored draft as the board remembers it: enough to choose, not the whole scorecard.

    `reasons` begin with one sentence for each of `gates`; `finding` is what a handover is to mend.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    candidate_id: str
    variant: int
    image: ImageRef
    score: float
    gates: tuple[str, ...]
    reasons: tuple[str, ...]
    finding: Finding = Finding()
    signature: Signature


def choose(candidates: Iterable[Candidate], count: int, taken: Sequence[Candidate] = ()) -> tuple[Candidate, ...]:
    """At most `count` candidates to promote, best first; `taken` are those that went up before.

    Never one with a failed gate; never a near-duplicate of a chosen one while a different one qualifies.
    """
    open_ids = {candidate.candidate_id for candidate in taken}
    pool = sorted(
        (c for c in candidates if not c.gates and c.candidate_id not in open_ids),
        key=lambda c: (-c.score, c.candidate_id),
    )
    chosen: list[Candidate] = []
    while pool and len(chosen) < count:
        best = max(pool, key=lambda c: _merit(c, [*taken, *chosen]))
        chosen.append(best)
        pool.remove(best)
    return tuple(chosen)


def _merit(candidate: Candidate, picks: Sequence[Candidate]) -> tuple[bool, float]:
    """What a pick is worth beside `picks`: different ones first, then relevance against similarity."""
    if not picks:
        return True, candidate.score
    nearest = min(distance(candidate.signature, pick.signature) for pick in picks)
    merit = RELEVANCE_WEIGHT * candidate.score - (1 - RELEVANCE_WEIGHT) * (1 - nearest)
    return not any(same_idea(candidate.signature, pick.signature) for pick in picks), merit
