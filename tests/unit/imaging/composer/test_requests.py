"""Scenes asked for by name: "more like this" and "the same, but darker"."""

from __future__ import annotations

import pytest

from imaging.composer.requests import axes_for
from imaging.composer.scene.axes import axes_of
from schemas.errors import InvalidRequest

KEPT = ("layout", "ground", "scheme", "mood", "product")


def _axes(bench, seed=7, **parameters):
    return axes_for(bench.request(seed=seed, parameters=parameters), seed)


def test_a_named_axis_changes_nothing_else(bench):
    usual, dark = _axes(bench), _axes(bench, axes={"mood": "dark"})
    assert dark == usual.model_copy(update={"mood": "dark"})
    assert usual.mood == "own"


def test_like_a_seed_keeps_its_idea_and_changes_the_rest(bench):
    first = _axes(bench)
    sisters = [_axes(bench, seed, like=7) for seed in range(8, 20)]
    assert all(getattr(sister, name) == getattr(first, name) for sister in sisters for name in KEPT)
    assert len({sister.model_dump_json() for sister in sisters}) == len(sisters)
    assert _axes(bench, 7, like=7) == first


def test_like_a_scene_keeps_its_idea(bench):
    scene = axes_of(99, 1250, 2).model_copy(update={"layout": "quote", "mood": "light"})
    sister = _axes(bench, 5, scene=scene.model_dump(mode="json"), like=True)
    assert all(getattr(sister, name) == getattr(scene, name) for name in KEPT)
    assert sister.detail == axes_of(5, 1250, 2).detail


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"axes": {"layout": "foo"}}, "there is no layout 'foo'; there are full_bleed"),
        ({"axes": {"colour": "red"}}, "there is no axis 'colour'; there are button, detail"),
        ({"axes": {"tilt": 80}}, "parameters.axes is wrong: tilt"),
        ({"axes": "dark"}, "no set of named axes"),
        ({"like": -1}, "write a seed"),
        ({"like": True}, "write a seed"),
        ({"scene": {"layout": "foo"}}, "no scene of the composer's"),
    ],
)
def test_an_unknown_choice_is_refused_with_what_is_known(bench, parameters, reason):
    with pytest.raises(InvalidRequest, match=reason):
        _axes(bench, **parameters)


async def test_the_same_but_darker_is_darker(bench, decoded):
    own, dark = [
        await bench.draw(bench.request(seed=3, parameters={"axes": {"mood": mood, "scheme": "secondary"}}))
        for mood in ("own", "dark")
    ]
    assert decoded(dark).mean() < 0.75 * decoded(own).mean()
    assert [region.role for region in dark.regions] == [region.role for region in own.regions]
