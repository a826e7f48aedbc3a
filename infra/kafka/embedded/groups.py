"""How a consumer joins a group of the embedded broker (Tansu 0.6), which differs from Apache Kafka in three ways.

**It answers a JoinGroup after half a session**, five seconds, even to an only member. A member that is alone in its
group does not wait for the answer: its heartbeats show the generation, and it is the leader.

**A killed member counts as one for a whole session.** All clients of this broker are on its machine, and a member's id
begins with its client's, which names the process: members whose process has ended are removed before joining.

**It may keep a leader that has left**, when several members leave at once. A member that joins then follows a leader
that does not exist: each SyncGroup is answered with "rebalance in progress" (27) after eight seconds, for ever and with
the generation unchanged. A member that joins under the absent leader's id is the leader, and the group goes on.
"""

from __future__ import annotations

import asyncio
import os
import re
from functools import cache
from typing import Any, Final

import psutil
import structlog
from aiokafka.consumer import consumer as aiokafka_consumer
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import IllegalGenerationError, KafkaError, RebalanceInProgressError
from aiokafka.protocol.admin import DescribeGroupsRequest
from aiokafka.protocol.group import (
    HeartbeatRequest,
    JoinGroupRequest,
    JoinGroupResponse_v5,
    LeaveGroupRequest,
    SyncGroupRequest,
    SyncGroupResponse_v1,
)

log = structlog.get_logger()

PATIENCE: Final = 2
"""Failed attempts to follow the same leader in the same generation after which it counts as gone."""
SETTLE_SECONDS: Final = 0.05
"""The broker takes note of a JoinGroup at once, and answers later."""
PROBES: Final = 40
"""Heartbeats in search of the generation, at the most: each halves what is left, and generations are 31 bits wide."""
SAME_START_SECONDS: Final = 5.0
_JOINING: Final = 2
_SYNCING: Final = 3
"""Connections of their own for requests that are not waited for: the broker answers in turn on each."""
SYNC_SECONDS: Final = 2.0
"""The broker answers the leader at once, or after a second where it has not noted the JoinGroup yet."""
_CLIENT: Final = re.compile(r"brushfire-process-(\d+)-(\d+)-")


@cache
def client_id() -> str:
    """The id of this process's clients; the broker puts it before a random part to name a member."""
    return f"brushfire-process-{os.getpid()}-{psutil.Process().create_time():.0f}"


def has_ended(member: str) -> bool:
    """Whether the process of a member has ended. False for one that says nothing of its process."""
    found = _CLIENT.match(member)
    if found is None:
        return False
    try:
        created = psutil.Process(int(found[1])).create_time()
    except psutil.Error:
        return True
    return abs(created - int(found[2])) > SAME_START_SECONDS


class EmbeddedCoordinator(GroupCoordinator):  # type: ignore[misc]
    """aiokafka's coordinator, for groups of the embedded broker."""

    member_id: str
    _followed: tuple[int, str] | None = None
    _failures = 0
    _joining: asyncio.Future[Any] | None = None
    """The JoinGroup that is not waited for."""

    async def _send_req(self, request: Any) -> Any:
        if isinstance(request, SyncGroupRequest) and self._joining is not None:
            return await self._synced(request, self._joining)
        joining = isinstance(request, JoinGroupRequest)
        if joining and not self.member_id:
            await self._remove_ended()
        answer = (await self._alone(request) if joining else None) or await super()._send_req(request)
        if leader := getattr(answer, "leader_id", ""):
            self._follow(answer.generation_id, leader)
        return answer

    async def _remove_ended(self) -> None:
        for member in await self._members():
            if has_ended(member):
                log.info("removing a member whose process has ended", group=self.group_id, member=member)
                await super()._send_req(LeaveGroupRequest(self.group_id, member))

    async def _alone(self, request: Any) -> Any:
        """The answer to a JoinGroup of the only member, as it will be; None where that is not sure."""
        self._joining = None
        if not self.member_id or self._failures >= PATIENCE or not await self._members() <= {self.member_id}:
            return None
        joining = asyncio.ensure_future(self._client.send(self.coordinator_id, request, group=_JOINING))
        joining.add_done_callback(lambda done: done.cancelled() or done.exception())  # it may fail: not waited for
        await asyncio.sleep(SETTLE_SECONDS)
        generation = await self._generation()
        if generation is None or await self._members() != {self.member_id}:
            return None
        self._joining = joining
        protocol, metadata = request._group_protocols[0]  # noqa: SLF001 - it has no other accessor
        members = [(self.member_id, None, metadata)]
        return JoinGroupResponse_v5(0, 0, generation, protocol, self.member_id, self.member_id, members)

    async def _synced(self, request: Any, joining: asyncio.Future[Any]) -> Any:
        """The answer to the SyncGroup of the only member. Without one soon, another leads the group: one that has left.

        Its id is in the late answer to the JoinGroup. It becomes that of this member, which joins again.
        """
        self._joining = None
        syncing = asyncio.ensure_future(self._client.send(self.coordinator_id, request, group=_SYNCING))
        syncing.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait({syncing}, timeout=SYNC_SECONDS)
        if syncing.done():
            return syncing.result()
        leader = (await joining).leader_id
        log.warning("the group's leader is gone: taking its place", group=self.group_id, leader=leader)
        await super()._send_req(LeaveGroupRequest(self.group_id, self.member_id))
        self.member_id = leader
        return SyncGroupResponse_v1(0, RebalanceInProgressError.errno, b"")

    async def _members(self) -> set[str]:
        answer = await super()._send_req(DescribeGroupsRequest([self.group_id]))
        return {member[0] for group in answer.groups for member in group[5]}

    async def _generation(self) -> int | None:
        """The group's generation; None where it changes too fast."""
        low, high, guess = 0, None, 0
        for _ in range(PROBES):
            answer = await super()._send_req(HeartbeatRequest(self.group_id, guess, self.member_id))
            if answer.error_code == RebalanceInProgressError.errno:
                low = guess + 1
            elif answer.error_code == IllegalGenerationError.errno:
                high = guess - 1
            else:
                return guess if answer.error_code == 0 else None
            guess = 2 * low if high is None else (low + high) // 2
        return None

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

    async def _maybe_leave_group(self) -> None:
        """Leave in generation 0 too, the first one of this broker; aiokafka counts from 1, as Apache Kafka does."""
        if self.generation == 0 and self.member_id:
            try:
                await super()._send_req(LeaveGroupRequest(self.group_id, self.member_id))
            except KafkaError as error:
                log.warning("the group was not left", group=self.group_id, error=repr(error))
        await super()._maybe_leave_group()


def install_coordinator() -> None:
    """Have every aiokafka consumer of this process made with this coordinator."""
    aiokafka_consumer.GroupCoordinator = EmbeddedCoordinator
