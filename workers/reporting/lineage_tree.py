"""The lineage of an asset as a tree, from the signal to the files."""

from __future__ import annotations

from rich.tree import Tree

from schemas.assets import Manifest, RefinedStep
from schemas.generations import GenerationRecord
from schemas.images import ImageRef
from schemas.scorecards import Measurement
from workers.reporting import words
from workers.reporting.words import heading, styled


def lineage_tree(manifest: Manifest) -> Tree:
    """Signal, verdict, brief, draft, promotion, refinements with their drift, and renditions with keys and sizes."""
    tree = Tree(heading("asset", manifest.asset.asset_id), guide_style="dim")
    tree.add(styled(f"{manifest.asset.topic} · {words.dollars(manifest.asset.price_usd)}", "bold"))
    below = _add_signal(tree, manifest)
    below = _add_draft(_add_brief(below, manifest), manifest)
    below = _add_promotion(below, manifest)
    for step in manifest.refinements:
        _add_refinement(below, step, _renditions(manifest, step))
    tree.add(styled(f"published {words.moment(manifest.asset.published_at)} by {manifest.software}", "dim"))
    return tree


def _add_signal(tree: Tree, manifest: Manifest) -> Tree:
    signal, verdict = manifest.brief.signal, manifest.brief.verdict
    node = tree.add(heading("signal", signal.signal_id))
    node.add(
        styled(f"“{signal.topic}” in {signal.market}, volume {words.thousands(signal.volume)}, from {signal.source}")
    )
    for headline in signal.headlines:
        node.add(styled(f"“{headline.text}” {headline.source}", "dim"))
    decided = node.add(styled(f"{verdict.decision}: {verdict.reason} (lexicon {verdict.lexicon_version})"))
    for finding in verdict.findings:
        decided.add(styled(f"“{finding.words}” {finding.category}, {finding.where}", "yellow"))
    return node


def _add_brief(above: Tree, manifest: Manifest) -> Tree:
    brief = manifest.brief
    node = above.add(heading("brief", brief.brief_id))
    node.add(styled(f"{brief.brand.name}, campaign {brief.campaign_id} at {brief.campaign_version}, {brief.lane} lane"))
    node.add(styled(f"{words.plural(brief.plan.drafts, 'draft')}, {brief.plan.promote} to promote"))
    return node


def _add_draft(above: Tree, manifest: Manifest) -> Tree:
    node = above.add(heading("draft", manifest.draft.job_id))
    _add_generation(node, manifest.draft)
    _add_numbers(node, "measured", manifest.draft_scorecard.measurements)
    return node


def _add_promotion(above: Tree, manifest: Manifest) -> Tree:
    promotion = manifest.promotion
    node = above.add(styled(f"promoted to place {promotion.rank} with score {promotion.score:.2f}", "bold green"))
    for reason in promotion.reasons:
        node.add(styled(reason))
    handover = promotion.handover
    node.add(styled(f"handover: {handover.operation}{_strength(handover.strength)}, {handover.reason}"))
    return node


def _add_refinement(above: Tree, step: RefinedStep, renditions: list[str]) -> None:
    node = above.add(heading("refinement", step.generation.job_id))
    _add_generation(node, step.generation)
    verdict = "keeps its candidate" if step.drift.passed else "left its candidate"
    decided = node.add(styled(f"{verdict}: {'; '.join(step.drift.reasons)}", "green" if step.drift.passed else "red"))
    _add_numbers(decided, "drift", step.scorecard.drift)
    for rendition in renditions:
        node.add(styled(rendition, "cyan"))


def _add_generation(node: Tree, record: GenerationRecord) -> None:
    seed = "no seed" if record.seed_sent is None else f"seed {record.seed_sent}"
    if record.seed_returned not in {None, record.seed_sent}:
        seed += f" (returned {record.seed_returned})"
    model = f"{record.model} {record.model_version} of {record.provider}"
    node.add(styled(f"{record.operation}{_strength(record.strength)} by {model}"))
    price, time = words.dollars(record.price_usd), words.duration(record.seconds)
    node.add(styled(f"{seed}, {price}, {time}, request {record.provider_request_id}"))
    node.add(styled(f"prompt {record.prompt_version}: {record.prompt_text}", "dim"))


def _add_numbers(node: Tree, name: str, numbers: tuple[Measurement, ...]) -> None:
    if numbers:
        listed = ", ".join(f"{words.measurement_name(number)} {words.measured_value(number)}" for number in numbers)
        node.add(styled(f"{name}: {listed}", "dim"))


def _renditions(manifest: Manifest, step: RefinedStep) -> list[str]:
    """The renditions made by `step`: format, pixels, bytes, key."""
    made = [part for part in manifest.asset.renditions if part.refinement_id == step.generation.job_id]
    return [
        f"{part.form_name} {_extent(part.image)}, {words.byte_size(part.image.bytes)}, {part.image.key}"
        for part in made
    ]


def _extent(image: ImageRef) -> str:
    return f"{image.size.width} × {image.size.height}"


def _strength(strength: float | None) -> str:
    return "" if strength is None else f" at strength {strength:.2f}"
