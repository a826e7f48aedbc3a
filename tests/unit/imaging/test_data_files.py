"""The one module of imaging that touches files."""

from __future__ import annotations

from pathlib import Path

from imaging.data_files import data_path, keep, open_binary, read_text


def test_data_of_an_installed_package_is_found_by_path():
    path = data_path("imaging.composer.type.hyphenation", "patterns/de.txt")
    with open_binary(path) as file:
        assert file.read().decode() == read_text("imaging.composer.type.hyphenation", "patterns/de.txt")


def test_kept_bytes_have_one_file():
    first, again, other = keep(b"one", ".ttf"), keep(b"one", ".ttf"), keep(b"other", ".ttf")
    assert first == again != other
    assert Path(first).read_bytes() == b"one"
