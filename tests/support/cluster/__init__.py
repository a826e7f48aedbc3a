"""Apache Kafka and MinIO on this machine, without Docker: installed to a cache, started on loopback, stopped."""

from __future__ import annotations

from tests.support.cluster.stack import ClusterStack

__all__ = ["ClusterStack"]
