"""What is the own servers' own: AUTOMATIC1111's password and checkpoint, ComfyUI's workflows, queue and mistakes."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from infra.providers.base import Ticket
from schemas.errors import BadOutput, InvalidRequest, InvalidSettings
from schemas.generations import Operation
from schemas.images import Size
from tests.integration.providers.bench import Bench
from tests.integration.providers.descriptions import record
from tests.support.simulator.weather import Fixed

webui = pytest.mark.parametrize("api", ["automatic1111"])
comfy = pytest.mark.parametrize("api", ["comfyui"])


async def _sent(bench: Bench, ending: str) -> dict[str, Any]:
    exchanges = record(bench)
    await bench.make()
    return next(exchange.body or {} for exchange in exchanges if exchange.path.endswith(ending))


@webui
async def test_the_checkpoint_is_asked_for_and_told(bench: Bench):
    bench.provider = bench.open_another(model={"path": "dream.safetensors", "parameters": {"steps": 12}})
    sent = await _sent(bench, "txt2img")
    assert (sent["override_settings"], sent["steps"]) == ({"sd_model_checkpoint": "dream.safetensors"}, 12)
    assert (await bench.make()).model_version == "cheap 6ce0161689"


@webui
@pytest.mark.parametrize("operation", ["masked-edit"])
async def test_a_masked_edit_says_what_its_mask_means(bench: Bench, operation: Operation):
    sent = await _sent(bench, "img2img")
    meaning = (sent["inpainting_mask_invert"], sent["inpainting_fill"], sent["denoising_strength"])
    assert meaning == (0, 1, 0.6)


@webui
@pytest.mark.parametrize("operation", ["upscale"])
async def test_enlarging_goes_to_the_size_that_is_asked_for(bench: Bench, operation: Operation):
    made = await bench.make(bench.request(size=Size(width=640, height=512)))
    assert made.size == Size(width=640, height=512)


@webui
@pytest.mark.parametrize("info", [None, "no JSON", "[1]", 7, {"seed": "text"}])
async def test_an_image_with_an_odd_info_is_an_image(bench: Bench, info):
    good = json.loads((await _raw(bench)).content)
    bench.answer_with(httpx.Response(200, json=good | {"info": info}))
    made = await bench.make()
    assert (made.seed_returned, made.model_version) == (None, "cheap")


async def _raw(bench: Bench) -> httpx.Response:
    answers: list[httpx.Response] = []

    async def note(response: httpx.Response) -> None:
        await response.aread()
        answers.append(response)

    bench.hook(bench.provider, "response", note)
    await bench.make()
    return answers[0]


@comfy
async def test_the_words_and_parameters_are_in_their_slots(bench: Bench):
    parameters = {"checkpoint": "dream.safetensors", "steps": 4}
    bench.provider = bench.open_another(model={"parameters": parameters})
    graph = (await _sent(bench, "/prompt"))["prompt"]
    assert graph["checkpoint"]["inputs"]["ckpt_name"] == "dream.safetensors"
    assert (graph["sampler"]["inputs"]["steps"], graph["sampler"]["inputs"]["seed"]) == (4, 0)
    assert "lapland" in graph["prompt"]["inputs"]["text"]


@comfy
async def test_without_a_seed_each_job_has_its_own(bench: Bench):
    seeds = {(await bench.make(bench.request(number, seed=None))).seed_sent for number in (1, 2)}
    assert len(seeds) == 2
    assert None not in seeds


@comfy
@pytest.mark.parametrize("operation", ["masked-edit"])
async def test_images_are_named_by_their_content(bench: Bench, operation: Operation):
    graph = (await _sent(bench, "/prompt"))["prompt"]
    names = {graph["image"]["inputs"]["image"], graph["mask"]["inputs"]["image"]}
    assert len(names) == 2
    assert all(name.startswith("brushfire/") and name.endswith(".png") for name in names)


@comfy
async def test_a_workflow_that_is_refused_names_the_node(bench: Bench):
    wrong = {"message": "Value not in list", "details": "ckpt_name: 'x' not in ['y']"}
    body = {
        "error": {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation"},
        "node_errors": {"checkpoint": {"errors": [wrong], "class_type": "CheckpointLoaderSimple"}},
    }
    bench.answer_with(httpx.Response(400, json=body))
    with pytest.raises(InvalidRequest, match=r"CheckpointLoaderSimple \(checkpoint\): Value not in list ckpt_name"):
        await bench.make()


@comfy
async def test_a_restarted_server_has_lost_the_request(bench: Bench):
    bench.weather(latency=Fixed(seconds=60))
    ticket = await bench.provider.submit(bench.request())
    bench.desk.jobs.clear()
    with pytest.raises(BadOutput, match="restarted, or the queue cleared"):
        await bench.provider.collect(ticket)


@comfy
async def test_what_failed_says_where(bench: Bench):
    bench.weather("failure")
    with pytest.raises(BadOutput, match="execution_error KSampler OutOfMemoryError out of memory"):
        await bench.make()


@comfy
@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"outputs": None, "status": None},
        {"outputs": {"other": {"images": [{"filename": "a.png"}]}}},
        {"outputs": {"output": {"images": []}}},
        {"outputs": {"output": {"images": ["a.png"]}}},
        {"outputs": {}, "status": {"status_str": "error", "messages": None}},
        {"outputs": {}, "status": {"status_str": "error", "messages": [[], "text", ["execution_error"]]}},
    ],
)
async def test_a_history_of_another_shape_is_bad_output(bench: Bench, entry):
    bench.answer_with(httpx.Response(200, json={"p-1": entry}))
    with pytest.raises(BadOutput):
        await bench.provider.collect(Ticket("cheap", "p-1"))


@comfy
@pytest.mark.parametrize("path", ["nothing", "/nowhere/w.json"])
async def test_a_workflow_that_is_not_there_is_told_at_the_start(bench: Bench, path):
    with pytest.raises(InvalidSettings, match="there are image_to_image"):
        bench.open_another(model={"path": path})
