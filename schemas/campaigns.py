"""A campaign: a brand's standing instruction."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from schemas.base import Dollars, Identifier, Language, Market, Model
from schemas.brands import BrandKit, CopyLines
from schemas.images import Insets, Size

Lane = Literal["express", "standard", "batch", "hero"]
ReviewPolicy = Literal["none", "required"]
"""`none`: promotion goes straight to the refine tier; `required`: a person approves before money is spent there."""


class Answers(Model):
    """Which signals a campaign answers.

    A signal matches when one of `topics` occurs in its topic or headlines (case and width are ignored; ``*`` at the end
    of a word matches any ending), its market and language are listed, and its volume reaches `minimum_volume`. A word
    of `never` in topic or headlines rules it out.
    """

    topics: Annotated[tuple[Annotated[str, StringConstraints(min_length=2)], ...], Field(min_length=1)]
    markets: Annotated[tuple[Market, ...], Field(min_length=1)]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    minimum_volume: Annotated[int, Field(ge=0)] = 0
    never: tuple[str, ...] = ()


class Format(Model):
    """An ad format: its size in pixels and the margins that the platform covers with its own interface."""

    name: Identifier
    size: Size
    safe_area: Insets = Insets(top=0.05, right=0.05, bottom=0.05, left=0.05)


class TierPlan(Model):
    """How many cheap drafts are made, how many are promoted, and which models make them.

    `type_model` sets the copy over an image whose own lettering is wrong, where the refine model cannot.
    `draft_fallbacks` and `refine_fallbacks` are tried in their order while the model before them is unavailable; one of
    another tier or without the needed operation is skipped.
    """

    drafts: Annotated[int, Field(ge=1, le=500)] = 12
    promote: Annotated[int, Field(ge=1, le=20)] = 1
    draft_model: str = "composer-draft"
    refine_model: str = "composer-refine"
    draft_fallbacks: tuple[str, ...] = ()
    refine_fallbacks: tuple[str, ...] = ()
    type_model: str = "composer-refine"
    draft_format: Identifier | None = None
    draft_long_side: Annotated[int, Field(ge=128, le=2048)] = 512

    @model_validator(mode="after")
    def _fewer_up_than_drawn(self) -> TierPlan:
        if self.promote > self.drafts:
            raise ValueError(f"promote ({self.promote}) is above drafts ({self.drafts}); write promote <= drafts")
        return self


class Budget(Model):
    """The most that a campaign may spend, in US dollars: per brief, per day (UTC), and in total if that is set."""

    per_brief_usd: Dollars
    per_day_usd: Dollars
    total_usd: Dollars | None = None

    @model_validator(mode="after")
    def _day_holds_a_brief(self) -> Budget:
        if self.per_day_usd < self.per_brief_usd:
            raise ValueError("per_day_usd is below per_brief_usd; a day must hold at least one brief")
        if self.total_usd is not None and self.total_usd < self.per_brief_usd:
            raise ValueError("total_usd is below per_brief_usd; a campaign must hold at least one brief")
        return self


Weight = Annotated[float, Field(ge=0.0, le=10.0)]


class ScoreWeights(Model):
    """Factors on the weights of the score of a draft, by group of criteria.

    1 leaves a group's weight as it is, 2 doubles it, 0 takes the group out of the score (its gates stay).
    """

    legibility: Weight = 1.0
    wording: Weight = 1.0
    brand: Weight = 1.0
    craft: Weight = 1.0
    composition: Weight = 1.0
    novelty: Weight = 1.0
    alignment: Weight = 1.0

    @model_validator(mode="after")
    def _something_counts(self) -> ScoreWeights:
        if not any((self.legibility, self.wording, self.brand, self.craft)):
            raise ValueError("nothing counts: write a number above 0 for legibility, wording, brand or craft")
        return self


class DriftPolicy(Model):
    """How far a refinement may differ from its candidate, and what happens if it differs more.

    A field that is not set has Brushfire's own limit (`routing.scoring.drift`). A refinement that drifted is tried once
    more with less strength, if `retries` is 1 and money and time allow it. `then` is what follows: the next-best
    candidate is promoted, or a person is asked.
    """

    structure: Annotated[float, Field(ge=-1.0, le=1.0)] | None = None
    """Least structural similarity (SSIM)."""
    layout: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    """Most detail that may move, as a share."""
    colour_places: Annotated[float, Field(ge=0.0, le=200.0)] | None = None
    """Most change of colours in place (mean CIEDE2000)."""
    palette: Annotated[float, Field(ge=0.0, le=200.0)] | None = None
    """Most change of the palette (CIEDE2000)."""
    content: Annotated[float, Field(ge=0.0, le=2.0)] | None = None
    """Most distance of what is shown (cosine distance of embeddings)."""
    brand_colour: Annotated[float, Field(ge=0.0, le=200.0)] | None = None
    """Most change of any of the brand's colours in its place (CIEDE2000)."""
    face_identity: Annotated[float, Field(ge=0.0, le=4.0)] | None = None
    """Most distance between a face and the one in its place before, where the optional extra `identity` measures it."""
    lettering: Annotated[float, Field(ge=-1.0, le=1.0)] | None = None
    """Least likeness of letters to the candidate's (correlation)."""
    wrong_letters: Annotated[int, Field(ge=0, le=200)] | None = None
    """Most wrong letters in the lines of the copy."""
    logo: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    """Least likeness of the logo to the brand's own."""
    retries: Annotated[int, Field(ge=0, le=1)] = 1
    then: Literal["next", "ask"] = "next"


class Campaign(Model):
    """A brand's standing instruction, as its YAML file states it."""

    campaign_id: Identifier
    brand: BrandKit
    answers: Answers
    copy_lines: Annotated[dict[Language, CopyLines], Field(min_length=1)]
    formats: Annotated[tuple[Format, ...], Field(min_length=1, max_length=12)]
    plan: TierPlan = TierPlan()
    lane: Lane = "standard"
    deadline_seconds: Annotated[int, Field(ge=5, le=604_800)] = 120
    budget: Budget
    review: ReviewPolicy = "none"
    style: tuple[str, ...] = ()
    weights: ScoreWeights = ScoreWeights()
    drift: DriftPolicy = DriftPolicy()

    @field_validator("formats")
    @classmethod
    def _names_differ(cls, formats: tuple[Format, ...]) -> tuple[Format, ...]:
        names = [form.name for form in formats]
        if len(set(names)) < len(names):
            raise ValueError("two formats have the same name; give each its own")
        return formats

    @model_validator(mode="after")
    def _parts_agree(self) -> Campaign:
        spoken = {language.split("-")[0] for language in self.copy_lines}
        mute = [language for language in self.answers.languages if language.split("-")[0] not in spoken]
        if mute:
            raise ValueError(f"copy_lines has no {', '.join(mute)}; add its lines or take it out of answers.languages")
        wanted = self.plan.draft_format
        if wanted is not None and wanted not in {form.name for form in self.formats}:
            raise ValueError(f"plan.draft_format {wanted!r} is not one of the formats; write one of their names")
        return self

    @property
    def draft_format(self) -> Format:
        """The format that drafts are drawn in: the plan's, or the first."""
        return next((form for form in self.formats if form.name == self.plan.draft_format), self.formats[0])
