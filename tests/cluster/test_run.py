"""`brushfire run` on a cluster: broker and store named in the environment, none started by it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from infra.settings import Settings, environment
from tests.support.auditor import audit
from tests.support.cluster import ClusterStack
from tests.support.command import assert_nothing_runs_on, brushfire
from tests.support.samples import signal_line, write_campaign, write_feed

pytestmark = [pytest.mark.cluster, pytest.mark.usefixtures("installed_servers"), pytest.mark.timeout(300)]

RUN = ("run", "--feed", "feed.jsonl", "--campaigns", "campaigns", "--out", "out", "--json")


def reach(settings: Settings) -> dict[str, str]:
    """The environment in which commands use these servers."""
    variables = environment(settings).items()
    return {name: value for name, value in variables if name.startswith(("BRUSHFIRE_KAFKA__", "BRUSHFIRE_STORE__"))}


async def command(settings: Settings, folder: Path, *arguments: object) -> Any:
    """Run `brushfire`; the supervisor goes on meanwhile."""
    return await asyncio.to_thread(brushfire, *arguments, folder=folder, seconds=200, **reach(settings))


@pytest.mark.parametrize(("brokers", "secure"), [(1, False), (3, True)], ids=["one, open", "three, secure"])
async def test_from_a_feed_to_assets(brokers: Any, secure: bool, tmp_path: Path) -> None:
    write_campaign(tmp_path / "campaigns")
    write_feed(tmp_path / "feed.jsonl", signal_line("lapland"), signal_line("chess"))
    servers = Settings(data=tmp_path / "servers", ephemeral=True)
    async with ClusterStack(servers, brokers=brokers, secure=secure) as stack:
        done = await command(stack.settings, tmp_path, *RUN)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        assert told["outcomes"] == {"briefed": 1, "ignored": 1}
        assert (told["brief_outcomes"], told["assets"], told["drafts"]) == ({"delivered": 1}, 1, 3)
        assert not (tmp_path / "out" / ".brushfire" / "store").exists()
        assert (tmp_path / "out" / "report.html").exists()
        found = await audit(stack.settings)
        assert found.problems == []
        assert len(found.assets) == 1
        listed = await command(stack.settings, tmp_path, "assets", "--json")
        assert [json.loads(line)["asset_id"] for line in listed.stdout.splitlines()] == list(found.assets)
        again = await command(stack.settings, tmp_path, *RUN)
        assert again.returncode == 0, again.stderr
        assert (await audit(stack.settings)).paid == found.paid
    assert_nothing_runs_on(tmp_path)
