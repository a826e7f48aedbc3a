"""A language model that reads held signals, and may clear them; never what is blocked.

What it reads are strangers' words. So they reach it as quoted data, cut and cleaned (`question`), and its answer
counts only in one exact form (`answer`): anything else, and any failure, leaves the signal held.
"""

from __future__ import annotations

from infra.judge.client import ChatJudge, open_judge

__all__ = ["ChatJudge", "open_judge"]
