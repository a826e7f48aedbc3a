"""Dialects: a model-neutral prompt in the words that its model's family was trained to follow.

A model's name says its family, unless a calibration says otherwise; an unknown model gets the plain dialect. What the
families want, by their makers' guides: FLUX takes sentences, subject first, exact hex colours and no negatives
(docs.bfl.ml, prompting guide of FLUX.2); CLIP-based Stable Diffusion takes comma-separated tags and a negative prompt,
and cannot letter; GPT image follows labelled instructions; Gemini wants a described scene and negatives said positively
(ai.google.dev, image generation); Ideogram and Recraft set type best when it comes first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from routing.prompting.parts import Parts, parts_of
from routing.prompting.prose import flux, narrative, typographic
from routing.prompting.structured import instructions, plain_lines, tags, tags_negative
from schemas.calibration import Calibration, DialectName
from schemas.generations import Prompt, RenderedPrompt
from schemas.images import Insets

TEXT_LIMIT: Final = 4000
"""Characters of a whole prompt: what the strictest API of today takes, and more than any dialect here makes."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a family is prompted. `version` changes whenever the same prompt would be rendered in other words.

    Args:
        render: the parts of a prompt as its text.
        negative: the parts of a prompt as its negative prompt; None for families without one.
    """

    render: Callable[[Parts], str]
    version: int = 1
    negative: Callable[[Parts], str] | None = None


DIALECTS: Final[Mapping[DialectName, Dialect]] = {
    "plain": Dialect(plain_lines),
    "flux": Dialect(flux),
    "tags": Dialect(tags, negative=tags_negative),
    "instructions": Dialect(instructions),
    "narrative": Dialect(narrative),
    "typographic": Dialect(typographic),
}

_FAMILIES: Final[tuple[tuple[re.Pattern[str], DialectName], ...]] = (
    (re.compile(r"flux|kontext"), "flux"),
    (re.compile(r"sdxl|sd-?xl|sd-?1[.-]?5|sd15|stable-diffusion-(?:xl|v?[12])|pony|illustrious|dreamshaper|juggernaut"),
     "tags"),
    (re.compile(r"gpt-image|dall-?e"), "instructions"),
    (re.compile(r"gemini|nano-?banana|imagen"), "narrative"),
    (re.compile(r"ideogram|recraft"), "typographic"),
)  # fmt: skip
"""Searched anywhere in a model's name, in this order."""
_WORDLESS: Final = re.compile(r"^(?:composer|real-?esrgan)")
"""Models of this machine that read the request itself and no prompt."""


def dialect_of(model: str, calibration: Calibration | None = None) -> DialectName | None:
    """The dialect of `model`: its calibration's, its family's, or the plain one; None if it reads no prompt."""
    if _WORDLESS.match(model):
        return None
    if calibration is not None and calibration.dialect is not None:
        return calibration.dialect
    return next((dialect for pattern, dialect in _FAMILIES if pattern.search(model)), "plain")


def rendered_for(prompt: Prompt, model: str, safe_area: Insets, calibrations: Sequence[Calibration] = ()) -> Prompt:
    """`prompt` rendered for `model`, in its dialect, with what its calibration emphasises.

    The version names everything that determines the words (``prompt-1+flux-1+calibration-3``). The version is part of
    the job's id: other words are another job. Call it last, when the prompt's changes are known.
    """
    calibration = next((one for one in calibrations if one.model == model), None)
    name = dialect_of(model, calibration)
    if name is None:
        return prompt
    is_calibrated = calibration is not None and (calibration.dialect is not None or bool(calibration.emphasis))
    if calibration is not None and calibration.emphasis:
        prompt = prompt.model_copy(update={"emphasis": calibration.emphasis})
    rendered = render(prompt, name, safe_area)
    by = f"+calibration-{calibration.number}" if calibration is not None and is_calibrated else ""
    version = f"{prompt.version.partition('+')[0]}+{rendered.dialect}{by}"
    return prompt.model_copy(update={"version": version, "rendered": rendered})


def render(prompt: Prompt, name: DialectName, safe_area: Insets) -> RenderedPrompt:
    """`prompt` in the dialect `name`, at most `TEXT_LIMIT` characters. Untrusted text is in quotes."""
    dialect = DIALECTS[name]
    parts = parts_of(prompt, safe_area, name)
    return RenderedPrompt(
        dialect=f"{name}-{dialect.version}",
        text=dialect.render(parts)[:TEXT_LIMIT],
        negative=dialect.negative(parts)[:TEXT_LIMIT] if dialect.negative is not None else "",
    )
