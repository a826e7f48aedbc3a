"""A group whose leader has gone without the broker noticing: the way back in.

When several members of a group leave at once, Tansu 0.6 may keep one that left as the leader, for good. Who joins
then is told to follow a member that does not exist: each SyncGroup is answered with "rebalance in progress" (27)
after eight seconds, for ever and with the generation unchanged. A member that joins under the absent leader's id is the
leader, and the group goes on. Apache Kafka elects a new leader and counts the generation up at each rebalance, so that
what this waits for does not happen there.
"""

from __future__ import annotations

from typing import Any, Final

import structlog
from aiokafka.consumer import consumer as aiokafka_consumer
from aiokafka.consumer.group_coordinator import GroupCoordinator

log = structlog.get_logger()

PATIENCE: Final = 2
"""Failed attempts to follow the same leader in the same generation after which it counts as gone."""


class LeaderlessCoordinator(GroupCoordinator):  # type: ignore[misc]
    """aiokafka's coordinator, which takes an absent leader's place."""

    _followed: tuple[int, str] | None = None
    _failures = 0

    async def _send_req(self, request: Any) -> Any:
        answer = await super()._send_req(request)
        leader = getattr(answer, "leader_id", "")
        if leader:
            self._follow(answer.generation_id, leader)
        return answer

    def _follow(self, generation: int, leader: str) -> None:
        if self._followed != (generation, leader):
            self._followed, self._failures = (generation, leader), 0

    async def _do_rejoin_group(self, subscription: Any) -> bool:
        joined = bool(await super()._do_rejoin_group(subscription))
        self._failures = 0 if joined else self._failures + 1
        absent = self._absent_leader()
        if absent is not None:
            log.warning("the group's leader is gone: taking its place", group=self.group_id, leader=absent)
            self.member_id, self._followed, self._failures = absent, None, 0
        return joined

    def _absent_leader(self) -> str | None:
        if self._followed is None or self._failures < PATIENCE:
            return None
        leader = self._followed[1]
        return leader if leader != self.member_id else None


def install() -> None:
    """Have every aiokafka consumer of this process made with this coordinator."""
    aiokafka_consumer.GroupCoordinator = LeaderlessCoordinator
