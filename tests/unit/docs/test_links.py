"""Links and images of the documents resolve, images stay small, and no document names a machine's path."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.unit.docs.documents import DOCUMENTS, ROOT, anchors, links, name

IMAGES = sorted((ROOT / "docs" / "images").glob("*.*"))
LARGEST_IMAGE = 600_000
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|tmp|home|root|Users|var|opt|mnt)/")
PATH_IN_CODE = re.compile(r"`((?:schemas|routing|imaging|infra|workers|tests|bench|examples|docs)/[\w./-]*)`")
EXAMPLE = re.compile(r"/(?:test_)?(?:pixie|pixie_models|pixie_api|symmetry|wave|tables)\.py$")
"""Files that the recipes of CONTRIBUTING.md tell the reader to write."""


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_resolve(path):
    text = path.read_text("utf-8")
    for target in links(text):
        if target.startswith(("https://", "http://")):
            continue
        file, _, anchor = target.partition("#")
        linked = path.parent / file if file else path
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked.read_text("utf-8")), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_files_named_in_code_exist(path):
    named = PATH_IN_CODE.findall(path.read_text("utf-8"))
    assert [file for file in named if not (ROOT / file).exists() and not EXAMPLE.search(file)] == []


@pytest.mark.parametrize("path", [*DOCUMENTS, *sorted((ROOT / "docs" / "schemas").glob("*.json"))], ids=name)
def test_no_document_names_a_machine_path(path):
    assert MACHINE_PATH.search(path.read_text("utf-8")) is None


def test_the_pattern_finds_machine_paths():
    assert MACHINE_PATH.search("see /home/someone/out")
    assert not MACHINE_PATH.search("see https://example.org/home/page and out/assets/")


@pytest.mark.parametrize("path", IMAGES, ids=name)
def test_images_are_small_and_shown(path: Path):
    assert path.stat().st_size < LARGEST_IMAGE
    with Image.open(path) as image:
        image.load()
        assert min(image.size) >= 800
    shown = {target for document in DOCUMENTS for target in links(document.read_text("utf-8"))}
    assert any(target.endswith(f"images/{path.name}") for target in shown)


def test_there_are_images():
    assert len(IMAGES) >= 2
