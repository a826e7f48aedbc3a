"""The pre-commit hooks run what `make lint` runs, and the supported Pythons are said once."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from ruamel.yaml import YAML

from tests.support.pythons.interpreters import supported

ROOT = Path(__file__).resolve().parents[3]


def test_the_hooks_run_what_make_lint_runs() -> None:
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert recipe is not None
    linted = recipe[1].replace("$(BIN)", ".venv/bin").replace("$(PYTHON)", "python3").replace("\t@", "").strip()

    hooks = YAML(typ="safe").load(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    assert [" ".join([hook["entry"], *hook.get("args", [])]) for hook in hooks] == linted.split(" && ")


def test_the_oldest_supported_python_is_the_one_that_is_required() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["requires-python"] == f">={supported()[0]}"
