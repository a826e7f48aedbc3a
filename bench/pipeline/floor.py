"""What fifty drafts cost in CPU when nothing lies between: ``python -m bench.pipeline.floor BRIEF_FILE``.

One process draws every draft of the brief and scores it; it prints ``{"composer": s, "scoring": s}``, CPU seconds.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import timedelta
from pathlib import Path

from infra import clock
from infra import settings as settings_module
from infra.providers.catalogue import open_registry
from infra.storage.ledger import Ledger
from infra.storage.memory_store import MemoryStore
from infra.storage.minio_store import MinioStore
from routing.planning.plan import draft_jobs
from schemas.briefs import Brief
from schemas.drafts import Draft
from workers.generation.generator import Generator
from workers.generation.pacing.pacer import Pacer
from workers.scoring.cards import prepare_process, score_draft


async def measure(brief: Brief) -> dict[str, float]:
    """CPU seconds of the composer and of scoring over all drafts of `brief`; artwork and fonts are read before."""
    settings = settings_module.load()
    prepare_process()
    results = MemoryStore()
    async with MinioStore(settings.store) as store:
        registry = open_registry(settings, store)
        generator = Generator(registry, results, Ledger(results, clock.now), clock.now, slots=1, pacer=Pacer())
        spent = {"composer": 0.0, "scoring": 0.0}
        for position, job in enumerate(draft_jobs(brief)):
            if position == 0:  # decoding artwork and opening fonts happens once a process
                await registry.provider(job.request.model).submit(job.request)
            began = time.process_time()
            generated = await generator.generate(job.request)
            drawn = time.process_time()
            data = await results.get(generated.record.image.key)
            assert data is not None
            score_draft(Draft(job=job, generation=generated.record), data, now=clock.now())
            spent["composer"] += drawn - began
            spent["scoring"] += time.process_time() - drawn
        await registry.close()
    return spent


def main(path: str) -> None:
    """Measure the brief in the file `path`."""
    brief = Brief.model_validate_json(Path(path).read_bytes())
    assert brief.deadline_at - clock.now() > timedelta(0)
    sys.stdout.write(json.dumps(asyncio.run(measure(brief))))


if __name__ == "__main__":
    main(*sys.argv[1:])
