"""What a brand rules out is checked when its campaign is read."""

from __future__ import annotations

import pytest

from infra.campaigns.reading import load_campaigns


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("ground: [confetti, type]", None),
        ("ground: [glitter]", "there is no ground 'glitter'; there are mesh"),
        ("button: [pill, rounded, square]", "leaves no button"),
        ("colour: [pink]", "never"),
    ],
)
def test_an_unknown_name_is_reported_with_its_line(directory, rule, reason):
    path = directory / "test.yaml"
    path.write_text(path.read_text().replace("  logo: logo.png", f"  logo: logo.png\n  never:\n    {rule}"))
    found = load_campaigns(directory)
    if reason is None:
        assert not found.problems
        assert found.loaded[0].campaign.brand.never == {"ground": ("confetti", "type")}
    else:
        (problem,) = found.problems
        assert reason in str(problem)
        line = path.read_text().splitlines()[problem.line - 1]
        assert line.strip() in {rule, "never:"}
