"""The contact sheet of a run: the finals of every asset in rows, beside the draft that they were made from."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from schemas.assets import Asset
from schemas.images import ImageRef
from workers.reporting import words
from workers.reporting.captions import CaptionStyle, caption_width, write_caption
from workers.reporting.details import BriefDetails
from workers.reporting.run_view import RunView
from workers.reporting.thumbnails import open_image

WIDTH: Final = 2400
BYTE_LIMIT: Final = 6_000_000
_BYTES_A_PIXEL: Final = 0.95
"""PNG bytes of a pixel in sheets of the local model, with a margin, so that the first attempt mostly fits."""
MOST_ASSETS: Final = 48
"""More images would be too small to compare. The sheet says so where it leaves assets out."""

_GROUND, _INK, _QUIET, _LINE, _FIRE = "#151514", "#f3f0e9", "#9b978d", "#33322e", "#ff7a45"
_MARGIN: Final = 96
_GUTTER: Final = 72
_GAP: Final = 20
_DRAFT_SHARE: Final = 0.5
"""The height of the winner's draft, as a share of its finals' height."""
_LOWEST_ROW: Final = 380
_FEWEST_TO_SPLIT: Final = 3
_COLUMNS: Final = ((3, 1), (48, 2))
"""(number of assets, columns): the columns for up to that many assets."""
_CAPTION: Final = 150
_LABEL: Final = 44
_INDENT: Final = 80
_HEADER: Final = 250


@dataclass(frozen=True, slots=True)
class _Frame:
    """An image, its label, and its height as a share of its row's."""

    image: ImageRef
    label: str
    share: float


@dataclass(frozen=True, slots=True)
class _Row:
    """Frames side by side, at a height in pixels."""

    frames: tuple[_Frame, ...]
    height: int


@dataclass(frozen=True, slots=True)
class _AssetBlock:
    """An asset with its brief, and the draft that it was made from."""

    number: int
    asset: Asset
    details: BriefDetails
    draft: ImageRef | None

    def frames(self) -> list[_Frame]:
        """The draft, then the finals."""
        finals = [_Frame(part.image, part.form_name, 1.0) for part in self.asset.renditions]
        return [_Frame(self.draft, "draft", _DRAFT_SHARE), *finals] if self.draft else finals

    def rows(self, width: int) -> list[_Row]:
        """One row of frames, or two where one would be too low; each fills `width`."""
        frames = self.frames()
        single = _justified(frames, width)
        if single.height >= _LOWEST_ROW or len(frames) < _FEWEST_TO_SPLIT:
            return [single]
        halves = [(_justified(frames[:cut], width), _justified(frames[cut:], width)) for cut in range(1, len(frames))]
        return list(max(halves, key=lambda rows: min(row.height for row in rows)))

    def height(self, width: int) -> int:
        """The height of the whole block: caption, rows, labels."""
        return _CAPTION + sum(row.height + _LABEL for row in self.rows(width))


def _justified(frames: Sequence[_Frame], width: int) -> _Row:
    """`frames` side by side, at the height at which they fill `width`; never higher than 0.45 of it."""
    ratios = sum(frame.image.size.ratio * frame.share for frame in frames)
    return _Row(tuple(frames), min(round((width - _GAP * (len(frames) - 1)) / ratios), round(width * 0.45)))


def contact_sheet(view: RunView, images: Mapping[str, bytes]) -> bytes:
    """A PNG of at most `WIDTH` pixels in width and `BYTE_LIMIT` bytes; missing images are grey fields."""
    entries = _entries(view)
    columns = next((columns for limit, columns in _COLUMNS if len(entries) <= limit), _COLUMNS[-1][1])
    shown = entries[:MOST_ASSETS]
    rows = [shown[start : start + columns] for start in range(0, len(shown), columns)]
    block = (WIDTH - 2 * _MARGIN - (columns - 1) * _GUTTER) // columns
    heights = [max(entry.height(block) for entry in row) for row in rows]
    sheet = Image.new("RGB", (WIDTH, _HEADER + sum(heights) + len(heights) * _GUTTER + _MARGIN // 2), _GROUND)
    _draw_header(sheet, view, len(entries))
    top = _HEADER
    for row, height in zip(rows, heights, strict=True):
        for column, entry in enumerate(row):
            _draw_entry(sheet, entry, images, (_MARGIN + column * (block + _GUTTER), top), block)
        top += height + _GUTTER
    return _encode(sheet)


def _entries(view: RunView) -> list[_AssetBlock]:
    found: list[_AssetBlock] = []
    for brief_id in view.brief_ids():
        details = view.details(brief_id)
        for asset in details.assets:
            winner = details.draft(asset.candidate_id)
            found.append(_AssetBlock(len(found) + 1, asset, details, winner.image if winner else None))
    return found


def _draw_header(sheet: Image.Image, view: RunView, assets: int) -> None:
    pen = ImageDraw.Draw(sheet)
    summary = view.summary()
    write_caption(pen, (_MARGIN, 128), "Contact sheet", CaptionStyle(64, 700, _INK), WIDTH / 2)
    story = f"{words.plural(summary.signals, 'signal')}  →  {words.plural(summary.briefs, 'brief')}  →  "
    story += f"{words.plural(summary.drafts, 'draft')}  →  {words.plural(assets, 'asset')}"
    if assets > MOST_ASSETS:
        story += f", the first {MOST_ASSETS} here"
    style = CaptionStyle(30, 450, _QUIET)
    write_caption(pen, (WIDTH - _MARGIN - caption_width(story, style), 128), story, style, WIDTH)
    pen.line((_MARGIN, 172, WIDTH - _MARGIN, 172), fill=_LINE, width=2)


def _draw_entry(
    sheet: Image.Image, entry: _AssetBlock, images: Mapping[str, bytes], place: tuple[int, int], width: int
) -> None:
    """Draw caption, draft and finals of `entry` with its top left corner at `place`."""
    left, top = place
    _draw_caption(sheet, entry, place, width)
    top += _CAPTION
    for row in entry.rows(width):
        _draw_row(sheet, row, images, (left, top))
        top += row.height + _LABEL


def _draw_row(sheet: Image.Image, row: _Row, images: Mapping[str, bytes], place: tuple[int, int]) -> None:
    """Draw the frames of `row` from `place` on, their lower edges aligned. The draft has a coloured outline."""
    left, foot = place[0], place[1] + row.height
    for frame in row.frames:
        height = round(row.height * frame.share)
        size = round(height * frame.image.size.ratio), height
        _paste(sheet, images, frame.image, (left, foot - height), size)
        if frame.share < 1:
            ImageDraw.Draw(sheet).rectangle(_around((left, foot - height), size), outline=_FIRE, width=3)
        _draw_label(sheet, frame.label, left, foot, size[0])
        left += size[0] + _GAP


def _draw_caption(sheet: Image.Image, entry: _AssetBlock, place: tuple[int, int], width: int) -> None:
    pen = ImageDraw.Draw(sheet)
    left, top = place
    brief = entry.details.brief
    write_caption(pen, (left, top + 56), f"{entry.number:02d}", CaptionStyle(44, 700, _FIRE), width)
    start = left + _INDENT
    language = brief.signal.language or "en"
    write_caption(pen, (start, top + 56), brief.signal.topic, CaptionStyle(44, 650, _INK), width - _INDENT, language)
    winner = entry.details.draft(entry.asset.candidate_id)
    score = f" · score {winner.score:.2f}" if winner and winner.score is not None else ""
    facts = f"{brief.brand.name} · {brief.signal.market}{score} · {words.dollars(entry.asset.price_usd)}"
    colours = _draw_swatches(pen, entry, (start, top + 82))
    write_caption(pen, (start + colours, top + 106), facts, CaptionStyle(27, 450, _QUIET), width - _INDENT - colours)


def _draw_swatches(pen: ImageDraw.ImageDraw, entry: _AssetBlock, place: tuple[int, int]) -> int:
    """The brand's five colours as a strip; returns the pixels taken."""
    palette = entry.details.brief.brand.palette
    side = 28
    for index, colour in enumerate((palette.primary, palette.secondary, palette.accent, palette.paper, palette.ink)):
        left = place[0] + index * side
        pen.rectangle((left, place[1], left + side - 1, place[1] + side - 1), fill=colour)
    pen.rectangle((*place, place[0] + 5 * side - 1, place[1] + side - 1), outline=_LINE)
    return 5 * side + 18


def _draw_label(sheet: Image.Image, text: str, left: int, top: int, width: int) -> None:
    write_caption(ImageDraw.Draw(sheet), (left, top + 32), text, CaptionStyle(21, 450, _QUIET), width)


def _paste(
    sheet: Image.Image, images: Mapping[str, bytes], ref: ImageRef, place: tuple[int, int], size: tuple[int, int]
) -> None:
    """Paste the image of `ref` at `place`, scaled to `size`; a grey field where the image is missing."""
    image = open_image(images[ref.key], max(size)) if ref.key in images else None
    field = Image.new("RGB", size, _LINE) if image is None else ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    sheet.paste(field, place)


def _around(place: tuple[int, int], size: Sequence[int]) -> tuple[int, int, int, int]:
    return place[0] - 5, place[1] - 5, place[0] + size[0] + 4, place[1] + size[1] + 4


def _encode(sheet: Image.Image) -> bytes:
    """`sheet` as PNG, scaled down until it stays within the limit (its bytes go with its area)."""
    pixels = sheet.width * sheet.height
    area = min(1.0, BYTE_LIMIT / (pixels * _BYTES_A_PIXEL))
    data = _png(_scaled(sheet, area))
    while len(data) > BYTE_LIMIT:
        area *= 0.94 * BYTE_LIMIT / len(data)
        data = _png(_scaled(sheet, area))
    return data


def _scaled(sheet: Image.Image, area: float) -> Image.Image:
    """`sheet` with `area` times its pixels; never enlarged."""
    if area >= 1:
        return sheet
    size = round(sheet.width * area**0.5), round(sheet.height * area**0.5)
    return sheet.resize(size, Image.Resampling.HAMMING)


def _png(sheet: Image.Image) -> bytes:
    out = io.BytesIO()
    sheet.save(out, "PNG", compress_level=4)
    return out.getvalue()
