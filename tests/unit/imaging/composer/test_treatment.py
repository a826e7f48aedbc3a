"""Other models' photographs in the brand's colours."""

from __future__ import annotations

import numpy as np
import pytest

from imaging.colour import luminances
from imaging.composer.edits.treatment import TREATMENTS, treated
from schemas.errors import InvalidRequest
from tests.unit.imaging.composer.photographs import photograph, saved


def _asked(bench, image, **parameters):
    asked = {"operation": "image-to-image", "model": "composer-refine", "references": (saved(bench, image),)}
    return bench.request(**asked, parameters=parameters)


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea"])
@pytest.mark.parametrize("treatment", TREATMENTS)
def test_light_and_dark_areas_are_kept(bench, name, treatment):
    image = photograph(name)
    before, after = luminances(image), luminances(treated(image, treatment, bench.brand.palette))
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.9


def test_a_duotone_has_only_the_brands_hues(bench):
    pixels = treated(photograph("coffee"), "duotone", bench.brand.palette)
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) <= 256


async def test_a_treatment_is_asked_for_by_name_and_keeps_the_size(bench, decoded):
    image = photograph("coffee")
    duotone, graded = [await bench.draw(_asked(bench, image, treatment=name)) for name in TREATMENTS]
    assert duotone.size == graded.size == bench.request().size
    assert np.abs(decoded(duotone).astype(int) - decoded(graded)).mean() > 10
    with pytest.raises(InvalidRequest, match="there are duotone, grade"):
        await bench.draw(_asked(bench, image, treatment="sepia"))
