"""The settings of the pace at which models on the network are called."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from infra.settings.group import Group


class PaceSettings(Group):
    """The rate of calls to models on the network.

    In the express lane a call that takes unusually long is joined by a second one. See docs/operations.md.
    """

    shared: bool = True
    """Worker processes with one key share its limits."""
    report_seconds: Annotated[float, Field(ge=0.1, le=2.0)] = 1.0
    """How often they exchange what they know of these limits."""
    hedge_most_usd: Annotated[float, Field(ge=0)] = 0.05
    """Highest price of an image for which a second express call is sent. 0: no second calls."""
    hedge_share: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    """Largest share of express calls with a second one."""
    queue_seconds: Annotated[float, Field(gt=0)] = 30.0
    """How long a job waits in the worker for its turn at a busy model. Then it goes to a retry topic."""
