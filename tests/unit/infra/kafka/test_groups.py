"""Joining a group of the embedded broker: alone, after a killed member, and behind a leader that has gone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from aiokafka.consumer.group_coordinator import GroupCoordinator

from infra.kafka.embedded.groups import PATIENCE, EmbeddedCoordinator


@dataclass
class Joined:
    """The part of a JoinGroup answer that says who leads."""

    leader_id: str
    generation_id: int = 4


class Followers:
    """A coordinator whose joins are answered with `answers`, none of which succeeds but where it leads itself."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: list[Joined]) -> None:
        self._answers = answers

        async def send(_: GroupCoordinator, request: object) -> Joined:
            del request
            return self._answers.pop(0)

        async def rejoin(coordinator: GroupCoordinator, _: object) -> bool:
            answer = await coordinator._send_req(None)
            return bool(answer.leader_id == coordinator.member_id)

        monkeypatch.setattr(GroupCoordinator, "_send_req", send)
        monkeypatch.setattr(GroupCoordinator, "_do_rejoin_group", rejoin)
        self.coordinator = EmbeddedCoordinator.__new__(EmbeddedCoordinator)
        self.coordinator.member_id = "me"
        self.coordinator.group_id = "group"

    async def joins(self, count: int) -> list[str]:
        """The member ids after each of `count` joins."""
        ids: list[str] = []
        for _ in range(count):
            await self.coordinator._do_rejoin_group(None)
            ids.append(self.coordinator.member_id)
        return ids


async def test_an_absent_leaders_place_is_taken_after_some_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    followers = Followers(monkeypatch, [Joined("gone")] * (PATIENCE + 1))
    assert await followers.joins(PATIENCE) == ["me"] * (PATIENCE - 1) + ["gone"]
    assert await followers.coordinator._do_rejoin_group(None), "as the leader it gets the group's partitions"


async def test_a_leader_of_new_generations_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Apache Kafka every rebalance counts the generation up: its leader may be slow and is there."""
    followers = Followers(monkeypatch, [Joined("there", generation) for generation in range(1, 9)])
    assert await followers.joins(8) == ["me"] * 8


async def test_another_leader_begins_the_count_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [Joined("one"), Joined("other"), Joined("one"), Joined("other")]
    assert await Followers(monkeypatch, answers).joins(4) == ["me"] * 4


async def test_who_leads_already_takes_nobodys_place(monkeypatch: pytest.MonkeyPatch) -> None:
    followers = Followers(monkeypatch, [Joined("me")] * 4)
    assert await followers.joins(4) == ["me"] * 4
