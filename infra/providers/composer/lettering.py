"""Text drawn: every run in its own font, every line on its baseline."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from infra.providers.composer.brush import Sheet
from infra.providers.composer.fonts import fresh_font
from infra.providers.composer.measure import direction_of
from infra.providers.composer.runs import Voice, visual_runs
from infra.providers.composer.scene import Scene, TextBlock


def draw_texts(sheet: Sheet, scene: Scene) -> None:
    """Draw every block of `scene`."""
    for block in scene.blocks:
        _draw_block(sheet, block, Voice(block.family, block.weight, scene.language, scene.rtl))


def _draw_block(sheet: Sheet, block: TextBlock, voice: Voice) -> None:
    rows, columns = sheet.window(block.box.grown(0.35 * block.size))
    picture = Image.fromarray(np.ascontiguousarray(sheet.pixels[rows, columns]))
    draw = ImageDraw.Draw(picture)
    for line in block.lines:
        at = line.left * sheet.scale - columns.start
        baseline = line.baseline * sheet.scale - rows.start
        for run in visual_runs(line.text, voice):
            face = fresh_font(run.family, voice.weight, round(block.size * sheet.scale, 2))
            flow, figures, tongue = direction_of(run), list(run.features), voice.language
            draw.text(
                (at, baseline), run.text, block.ink, face, "ls", direction=flow, features=figures, language=tongue
            )
            at += face.getlength(run.text, direction=flow, features=figures, language=tongue)
    sheet.pixels[rows, columns] = np.asarray(picture)
