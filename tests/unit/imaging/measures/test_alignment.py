"""A user's own CLIP, loaded from real ONNX files: what fits its words scores higher; a bad file is reported at once."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import onnx
import pytest
from PIL import Image
from pydantic import ValidationError

from imaging.measures.content.clip import DEVIATION, MEAN, prepare
from infra.programs.own_clip import alignment_checks
from infra.settings import AlignmentSettings
from routing.planning.plan import prompt_for
from routing.prompting.parts import caption_of
from routing.scoring.score import overall
from schemas.campaigns import ScoreWeights
from schemas.errors import InvalidSettings
from tests.support.factories import NOW, SQUARE, make_brand, make_brief, make_draft, make_refinement, make_signal
from tests.unit.imaging.measures import tiny_clip
from tests.unit.imaging.measures.ads import PALETTE, Ad, encoded, subject
from workers.scoring.cards import Surroundings, score_draft, score_refinement

RED, BLUE = Ad(ground="#b01010", block="#d02020", text="#ffffff"), Ad(ground="#1030b0", block="#2040d0")


def brief_of(topic):
    brand = make_brand(palette=PALETTE)
    return make_brief(signal=make_signal(topic=topic), brand=brand, formats=(SQUARE,), draft_format=SQUARE)


def cards_of(topic, check=None, ads=(RED, BLUE), *, reported=True):
    around = Surroundings(checks=(check or tiny_clip.check(),))
    drawn = [ad.draw() for ad in ads]
    drafts = [
        make_draft(brief_of(topic), variant=n, regions=found if reported else ()) for n, (_, found) in enumerate(drawn)
    ]
    return [
        score_draft(draft, encoded(pixels), now=NOW, around=around)
        for draft, (pixels, _) in zip(drafts, drawn, strict=True)
    ]


def alignment(card):
    return card.value("alignment.prompt")


@pytest.mark.parametrize("reported", [True, False], ids=["reported text", "unreported text"])
def test_the_image_that_fits_its_words_scores_higher(reported, monkeypatch):
    monkeypatch.setattr("workers.scoring.cards.COSTLY_CHECKS", ())  # others read the text
    for topic, fits in (("Red alert", 0), ("Code blue", 1)):
        cards = cards_of(topic, reported=reported)
        assert alignment(cards[fits]) > 0.5
        assert alignment(cards[1 - fits]) < 0.0


def test_it_counts_in_the_score_and_says_so_and_a_campaign_weighs_it():
    red, blue = cards_of("Red alert")
    said = " ".join(overall(blue).reasons)
    assert "hardly shows what was asked for (Red alert): likeness -0." in said
    assert "alignment.prompt" in overall(blue).weaknesses
    silent = [card.model_copy(update={"weights": ScoreWeights(alignment=0.0)}) for card in (red, blue)]
    gained = [overall(card).value - overall(mute).value for card, mute in zip((red, blue), silent, strict=True)]
    assert gained[0] > 0.0 > gained[1]


def test_the_measurement_is_signed_by_the_model():
    (measured,) = [m for m in cards_of("Red alert")[0].measurements if m.name == "alignment.prompt"]
    assert (measured.unit, measured.better, measured.low, measured.high) == ("cosine similarity", "higher", -1.0, 1.0)
    assert measured.measured_by == "clip"
    assert measured.measured_by_version.startswith("sha256 ")


def test_without_a_model_nothing_is_measured_and_no_score_changes():
    draft, (pixels, _) = make_draft(brief_of("Red alert"), regions=RED.draw()[1]), RED.draw()
    bare = score_draft(draft, encoded(pixels), now=NOW)
    assert alignment_checks(AlignmentSettings()) == ()
    assert alignment(bare) is None
    assert overall(bare) == overall(bare.model_copy(update={"weights": ScoreWeights(alignment=5.0)}))


def test_a_draft_that_cannot_win_is_not_shown_to_the_model():
    pixels = cv2.GaussianBlur(RED.draw()[0], (0, 0), 9)
    around = Surroundings(checks=(tiny_clip.check(),))
    card = score_draft(make_draft(brief_of("Red alert"), regions=()), encoded(pixels), now=NOW, around=around)
    assert overall(card).gates
    assert alignment(card) is None


def test_a_refinement_is_measured_too(monkeypatch):
    monkeypatch.setattr("workers.scoring.cards.COSTLY_CHECKS", ())
    pixels, regions = RED.draw()
    brief = brief_of("Red alert")
    final = make_refinement(brief, make_draft(brief, regions=regions), regions=regions)
    around = Surroundings(checks=(tiny_clip.check(),))
    assert alignment(score_refinement(final, encoded(pixels), encoded(pixels), now=NOW, around=around)) > 0.5


def test_what_is_asked_for_is_the_subject_and_the_scene():
    prompt = prompt_for(brief_of('Heat "wave"'), 0)
    assert caption_of(prompt) == f"Heat 'wave', an advertisement of {prompt.brand.name}"
    assert caption_of(prompt.model_copy(update={"scene": ""})) == "Heat 'wave'"


def test_two_files_measure_as_one_does_and_fixed_sizes_are_kept(tmp_path):
    image = tiny_clip.write_graph(tmp_path / "image.onnx", "image", side=64, names={"pixel_values": "image"})
    text = tiny_clip.write_graph(tmp_path / "text.onnx", "text", tokens=5, names={"text_embeds": "out"})
    two = AlignmentSettings(image_encoder=image, text_encoder=text, tokenizer=tiny_clip.write_tokenizer(tmp_path / "t"))
    (check,) = alignment_checks(two)
    long = replace(subject(RED), asked_for="a red thing and so on and so on and so on blue blue blue blue")
    (found,) = check.measure(long)
    (other,) = tiny_clip.check().measure(replace(long, asked_for="red"))
    assert found.value == pytest.approx(other.value, abs=0.01)
    assert found.measured_by_version != other.measured_by_version
    assert "at 64" in found.measured_by_version


def test_words_that_say_nothing_to_the_model_are_no_measurement():
    assert tiny_clip.check().measure(replace(subject(), asked_for="something else")) == ()
    assert tiny_clip.check().measure(subject()) == ()


def test_images_are_prepared_as_the_models_authors_do():
    pixels = np.random.default_rng(1).integers(0, 256, (300, 500, 3), dtype=np.uint8)
    square = Image.fromarray(pixels[..., ::-1]).resize((373, 224), Image.Resampling.BICUBIC).crop((74, 0, 298, 224))
    expected = ((np.asarray(square) / 255.0 - MEAN) / DEVIATION).transpose(2, 0, 1)[None]
    assert np.allclose(prepare(pixels, 224), expected, atol=1e-5)
    assert prepare(pixels[:16, :400], 32).shape == (1, 3, 32, 32)


def _not_onnx(path):
    path.write_bytes(b"no graph")
    return path


def _truncated_embedding(path):
    """A text encoder of a model with five numbers where the images' has three."""
    model = onnx.load(tiny_clip.write_graph(path, "text"))
    table = onnx.numpy_helper.from_array(np.ones((6, 5), np.float32), "table")
    model.graph.initializer[0].CopyFrom(table)
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 5
    onnx.save(model, path)
    return path


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": lambda folder: folder / "none.onnx"}, r"alignment\.model: .*there is no such file"),
        ({"model": lambda folder: _not_onnx(folder / "no.onnx")}, r"alignment\.model: .*is no ONNX graph"),
        (
            {"model": lambda folder: tiny_clip.write_graph(folder / "half.onnx", "image")},
            r"has the inputs pixel_values; wanted are pixel_values, input_ids",
        ),
        (
            {"model": lambda folder: tiny_clip.write_graph(
                folder / "odd.onnx", "text", "image", names={"image_embeds": "last_hidden_state"})},
            r"has the outputs text_embeds, last_hidden_state; wanted are image_embeds, text_embeds",
        ),
        ({"tokenizer": lambda folder: folder / "none.json"}, r"alignment\.tokenizer: .*there is no such file"),
        ({"tokenizer": lambda folder: _not_onnx(folder / "no.json")}, r"is no tokenizer\.json"),
        (
            {"tokenizer": lambda folder: tiny_clip.write_tokenizer(folder / "t2.json", tuple("abcdefghijk"))},
            r"does alignment\.side or the tokenizer belong to another one",
        ),
        (
            {"model": lambda _: None, "image_encoder": lambda folder: tiny_clip.write_graph(folder / "i.onnx", "image"),
             "text_encoder": lambda folder: _truncated_embedding(folder / "t.onnx")},
            r"which cannot be compared",
        ),
    ],
    ids=["no file", "no ONNX", "half a model", "other outputs", "no tokenizer", "no tokenizer.json", "other tokenizer",
         "two models"],
)  # fmt: skip
def test_a_model_that_cannot_be_asked_is_reported_at_the_start(tmp_path, changes, said):
    chosen = {name: make(tmp_path) for name, make in changes.items()}
    with pytest.raises(InvalidSettings, match=said):
        alignment_checks(tiny_clip.settings(tmp_path, **chosen))


def test_without_the_package_that_reads_tokenizers_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tokenizers", None)
    with pytest.raises(InvalidSettings, match=r"brushfire\[alignment\]"):
        alignment_checks(tiny_clip.settings(tmp_path))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"model": "m.onnx"}, "without a tokenizer"),
        ({"tokenizer": "t.json"}, "without a model"),
        ({"image_encoder": "i.onnx", "tokenizer": "t.json"}, "go together"),
        (
            {"model": "m", "image_encoder": "i", "text_encoder": "t", "tokenizer": "t.json"},
            "both encoders in one file",
        ),
    ],
)
def test_settings_that_contradict_themselves(given, said):
    with pytest.raises(ValidationError, match=said):
        AlignmentSettings(**given)
