"""A whole Brushfire on this machine: the stack, the topics, the campaigns in force, and every worker as a process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from infra.campaigns.book import publish
from infra.campaigns.reading import LoadedCampaign, upload_artwork
from infra.kafka.admin import create_topics
from infra.local.specs import OnEvent, ProcessSpec, RestartPolicy
from infra.local.stack import stack_for
from infra.local.supervisor import completed
from infra.settings import Settings, environment
from infra.storage.minio_store import MinioStore
from workers.cli.shared import check_own_models
from workers.runtime.kinds import KINDS, WorkerKind
from workers.runtime.launching import MALLOC, ONE_THREAD, WORKER, fork_server

PATIENT: Final = RestartPolicy(give_up_after=30)
"""A worker ends while broker or store are unavailable. It is started again for about five minutes, with delays up to
ten seconds."""


class Pipeline:
    """Starts on entry, stops on exit: workers first, which finish their jobs, then the servers."""

    def __init__(
        self,
        settings: Settings,
        *,
        processes: Mapping[WorkerKind, int] | None = None,
        on_event: OnEvent | None = None,
    ) -> None:
        self._stack = stack_for(settings, on_event=on_event)
        self._processes = processes or dict.fromkeys(KINDS, 1)
        self._forks = fork_server()
        self.settings = settings
        self.store: MinioStore | None = None

    async def __aenter__(self) -> Self:
        if self._forks is not None:
            self._forks.start()
        try:
            await asyncio.to_thread(check_own_models, self.settings)
            self.settings = await self._stack.start()
            await self._prepare()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Stop everything. Idempotent."""
        try:
            if self.store is not None:
                await self.store.close()
        finally:
            await completed(self._stop())

    async def put_in_force(self, campaigns: Sequence[LoadedCampaign]) -> None:
        """Upload the artwork of `campaigns` and publish them for the router."""
        assert self.store is not None
        ready = [await upload_artwork(entry.campaign, entry.path.parent, self.store) for entry in campaigns]
        await publish(self.store, ready)

    async def start_workers(self) -> None:
        """Start every worker process."""
        await asyncio.gather(*(self._stack.supervisor.start(spec) for spec in self._specs()))

    async def failed(self) -> None:
        """Wait until a process is given up, and raise its `StackError`."""
        await self._stack.failed()

    async def stop_workers(self) -> None:
        """Stop all workers at once, each after what it has in flight; the servers go on. Idempotent."""
        await asyncio.gather(*(self._stack.supervisor.stop(spec.name) for spec in self._specs()))

    async def _stop(self) -> None:
        """Stop the workers, which takes as long as the slowest; then the servers that they need."""
        await self.stop_workers()
        if self._forks is not None:
            self._forks.stop()
        await self._stack.stop()

    async def _prepare(self) -> None:
        kafka = self.settings.kafka
        await create_topics(kafka, kafka.partitions, kafka.replication_factor)
        self.store = MinioStore(self.settings.store)

    def _specs(self) -> list[ProcessSpec]:
        logs = Path(self.settings.data) / "logs"
        env = {**os.environ, **MALLOC, **ONE_THREAD, **environment(self.settings)}
        env.pop("BRUSHFIRE_CONFIG", None)  # what the file says is in the variables already
        return [
            ProcessSpec(
                name=kind if count == 1 else f"{kind}-{number}",
                argv=(*WORKER, kind),
                env=env,
                log_path=logs / f"{kind}-{number}.log",
                stop_seconds=self.settings.handler_limit_seconds,
                restart=PATIENT,
                forks=self._forks,
            )
            for kind, count in self._processes.items()
            for number in range(1, count + 1)
        ]
