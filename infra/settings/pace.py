"""The settings of the pace at which models on the network are called."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from infra.settings.group import Group


class PaceSettings(Group):
    """How fast models on the network are called, where their providers' limits have to be found.

    With `shared`, all worker processes that use an account divide its limits, and tell each other each
    `report_seconds` what they know. In the express lane a call that takes unusually long is joined by a second one, for
    at most `hedge_share` of the calls, and for images of at most `hedge_most_usd`; 0 sends none. A job waits in hand
    for its turn for at most `queue_seconds`, then in a retry topic.
    """

    shared: bool = True
    report_seconds: Annotated[float, Field(ge=0.1, le=2.0)] = 1.0
    hedge_most_usd: Annotated[float, Field(ge=0)] = 0.05
    hedge_share: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    queue_seconds: Annotated[float, Field(gt=0)] = 30.0
