"""From a finish job to the asset's manifest: the labelled renditions, and the chain of records behind them.

A label in the bytes of a rendition is found by any platform or person who looks there. It is the IPTC digital source
type in XMP: a composite that includes images made by a trained model, or art made by an algorithm
(https://cv.iptc.org/newscodes/digitalsourcetype/).
"""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from typing import Final
from xml.sax.saxutils import quoteattr

from infra import clock
from infra.storage import records
from infra.storage.ledger import Ledger
from infra.storage.store import ObjectStore, save_blob
from schemas.assets import Asset, Manifest, RefinedStep, Rendition
from schemas.errors import StoreError
from schemas.generations import GenerationRecord
from schemas.refinements import DriftVerdict, FinishJob
from schemas.scorecards import Scorecard

SOFTWARE: Final = f"Brushfire {version('brushfire')}"
_SOURCE_TYPE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_ALGORITHMIC: Final = _SOURCE_TYPE + "algorithmicMedia"
_TRAINED: Final = _SOURCE_TYPE + "trainedAlgorithmicMedia"
_LOCAL_PROVIDERS: Final = frozenset({"composer"})
_XMP_HEADER: Final = b"http://ns.adobe.com/xap/1.0/\x00"


async def assemble(store: ObjectStore, ledger: Ledger, job: FinishJob) -> Manifest:
    """The manifest of the asset of `job`; its labelled renditions are stored.

    Raises:
        StoreError: the store is unavailable, or (not retryable) a record or image that the job names is missing.
    """
    draft = await _record(ledger, job.candidate_id)
    verdicts = {verdict.job_id: verdict for verdict in job.drift}
    steps = [await _step(store, ledger, job_id, verdicts[job_id]) for job_id in job.refinements]
    renditions = await asyncio.gather(*(_rendition(store, job, step) for step in steps))
    asset = Asset(
        asset_id=job.job_id,
        brief_id=job.brief.brief_id,
        campaign_id=job.brief.campaign_id,
        signal_id=job.brief.signal.signal_id,
        candidate_id=job.candidate_id,
        topic=job.brief.signal.topic,
        renditions=tuple(renditions),
        manifest_key=records.manifest_key(job.job_id),
        price_usd=draft.price_usd + sum(step.generation.price_usd for step in steps),
        published_at=clock.now(),
    )
    return Manifest(
        asset=asset,
        brief=job.brief,
        draft=draft,
        draft_scorecard=await _scorecard(store, job.candidate_id),
        promotion=job.promotion,
        refinements=tuple(steps),
        software=SOFTWARE,
    )


async def _step(store: ObjectStore, ledger: Ledger, job_id: str, verdict: DriftVerdict) -> RefinedStep:
    return RefinedStep(
        generation=await _record(ledger, job_id), scorecard=await _scorecard(store, job_id), drift=verdict
    )


async def _rendition(store: ObjectStore, job: FinishJob, step: RefinedStep) -> Rendition:
    """The refined image, labelled. Only JPEG is labelled here; other types keep their makers' own credentials."""
    image = step.generation.image
    if image.media_type == "image/jpeg":
        data = await store.get(image.key)
        if data is None:
            raise StoreError(f"the refined image {image.key} is not in the object store", retryable=False)
        labelled = label_jpeg(data, xmp(step.generation.provider, job.job_id, SOFTWARE))
        key = await save_blob(store, labelled, image.media_type)
        image = image.model_copy(update={"key": key, "bytes": len(labelled)})
    return Rendition(form_name=step.scorecard.form_name, image=image, refinement_id=step.generation.job_id)


async def _record(ledger: Ledger, job_id: str) -> GenerationRecord:
    record = await ledger.done(job_id)
    if record is None:
        raise StoreError(f"the ledger has no result of {job_id}", retryable=False)
    return record


async def _scorecard(store: ObjectStore, job_id: str) -> Scorecard:
    card = await records.read(store, records.scorecard_key(job_id), Scorecard)
    if card is None:
        raise StoreError(f"there is no scorecard of {job_id}", retryable=False)
    return card


def source_type(provider: str) -> str:
    """The IPTC digital source type of a provider's images."""
    return _ALGORITHMIC if provider in _LOCAL_PROVIDERS else _TRAINED


def xmp(provider: str, asset_id: str, software: str) -> bytes:
    """The XMP packet of a rendition."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f"Iptc4xmpExt:DigitalSourceType={quoteattr(source_type(provider))} "
        f"xmp:CreatorTool={quoteattr(software)} dc:identifier={quoteattr(asset_id)}/>"
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def label_jpeg(data: bytes, packet: bytes) -> bytes:
    """`data` with the XMP packet as an APP1 segment after the start marker. No pixel is encoded again.

    Raises:
        ValueError: `data` is no JPEG, or the packet is above the 64 KiB of a segment.
    """
    if not data.startswith(b"\xff\xd8"):
        raise ValueError("not a JPEG")
    body = _XMP_HEADER + packet
    return data[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + data[2:]
