from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from infra.providers.composer import ComposerProvider


def _digests_in_a_process(hash_seed: str) -> list[str]:
    script = Path(__file__).with_name("conftest.py")
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.split()


def test_the_same_request_gives_the_same_bytes_in_another_process():
    first, second = _digests_in_a_process("1"), _digests_in_a_process("2")
    assert len(first) == 2
    assert first == second


async def test_a_seed_decides_the_image(bench):
    one, again, other = [await bench.draw(bench.request(seed=seed)) for seed in (3, 3, 4)]
    assert one.data == again.data
    assert one.data != other.data
    assert one.seed_returned == one.seed_sent == 3


async def test_without_a_seed_the_job_decides(bench):
    one, again, other = [await bench.draw(bench.request(seed=None, job_id=job)) for job in ("drf-a", "drf-a", "drf-b")]
    assert one.data == again.data
    assert one.parameters != other.parameters
    assert one.seed_sent is None


async def test_a_warm_cache_changes_nothing(bench):
    for seed in (10, 12):
        await bench.draw(bench.request(seed=seed))
    warm = await bench.draw(bench.request(seed=11))
    provider = ComposerProvider(bench.read, workers=1)
    cold = await provider.submit(bench.request(seed=11))
    await provider.close()
    assert cold.finished is not None
    assert cold.finished.data == warm.data
