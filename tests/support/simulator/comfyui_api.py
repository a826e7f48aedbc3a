"""A ComfyUI server: workflows, their queue and history, files in and out."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from tests.support.simulator.desk import Desk, Job, Order
from tests.support.simulator.forms import read_form
from tests.support.simulator.images import drawn_where_transparent
from tests.support.simulator.queued import QueuedApi, serve
from tests.support.simulator.sending import error, unauthorized

_FAILURE: Final = {"node_type": "KSampler", "exception_type": "OutOfMemoryError", "exception_message": "out of memory"}

_Graph = dict[str, dict[str, Any]]


class ComfyUiApi(QueuedApi):
    """The handlers of a server. There is no content policy, so nothing is refused."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.files: dict[str, bytes] = {}

    def add_routes(self, app: web.Application) -> None:
        """The paths that ComfyUI's own web page uses."""
        app.router.add_post("/upload/image", self.upload)
        app.router.add_post("/prompt", self.prompt)
        app.router.add_get("/history/{id}", self.history)
        app.router.add_get("/queue", self.queue)
        app.router.add_post("/queue", self.delete)
        app.router.add_get("/view", self.view)
        app.router.add_get("/system_stats", self.system_stats)

    async def upload(self, request: web.Request) -> web.Response:
        """Keep an image to start from."""
        form, files = await read_form(request)
        name, data = files["image"][0]
        self.files[f"{form['subfolder']}/{name}"] = data
        return web.json_response({"name": name, "subfolder": form["subfolder"], "type": "input"})

    async def prompt(self, request: web.Request) -> web.Response:
        """Queue a workflow."""
        graph = (await request.json())["prompt"]
        wrong = next((node for node, step in graph.items() if "class_type" not in step), None)
        if wrong is not None:
            return error(400, {"error": {"type": "invalid_prompt", "message": "Cannot execute"}, "node_errors": {}})
        return await self.take(request, self._order(request, graph))

    async def history(self, request: web.Request) -> web.Response:
        """What became of a workflow: nothing until it is done."""
        name = request.match_info["id"]
        if name not in self.desk.jobs:
            return web.json_response({})
        job, page = self.polled(name)
        if page is not None or job.call.outcome == "working":
            return page or web.json_response({})
        if job.call.outcome in {"failed", "refused"}:
            self.ended(job)
            messages = [["execution_start", {}], ["execution_error", _FAILURE]]
            status = {"status_str": "error", "completed": False, "messages": messages}
            return web.json_response({name: {"outputs": {}, "status": status}})
        image = {"filename": f"{name}.png", "subfolder": "", "type": "output"}
        outputs = {} if job.mishap == "empty" else {"output": {"images": [image]}}
        status = {"status_str": "success", "completed": True, "messages": []}
        return web.json_response({name: {"outputs": outputs, "status": status}})

    async def queue(self, _request: web.Request) -> web.Response:
        """What runs and what waits."""
        running = [[0, name, {}, {}, []] for name, job in self.desk.jobs.items() if job.call.outcome == "working"]
        return web.json_response({"queue_running": [], "queue_pending": running})

    async def delete(self, request: web.Request) -> web.Response:
        """Take workflows off the queue."""
        for name in (await request.json())["delete"]:
            if name in self.desk.jobs and self.backroom.stop(self.desk.jobs[name]):
                self.ended(self.desk.jobs.pop(name))
        return web.Response()

    async def view(self, request: web.Request) -> web.StreamResponse:
        """A finished image."""
        job = self.find(request.query["filename"].removesuffix(".png"))
        return await serve(request, self.desk, job, gone=404)

    async def system_stats(self, request: web.Request) -> web.Response:
        """What the server is."""
        _key(request)
        return web.json_response({"system": {"comfyui_version": "0.3.0"}, "devices": []})

    def accepted(self, _request: web.Request, job: Job) -> dict[str, Any]:
        return {"prompt_id": job.call.id, "number": 0, "node_errors": {}}

    def failure(self, status: int) -> dict[str, Any]:
        return {"error": {"type": str(status), "message": "try again later", "details": ""}, "node_errors": {}}

    def _order(self, request: web.Request, graph: _Graph) -> Order:
        """An order from a workflow, read as ComfyUI would: by what feeds what, not by the names of its nodes."""
        sampler, sized = _step(graph, "KSampler"), _step(graph, "EmptyLatentImage") or _step(graph, "ImageScale")
        image, mask = _step(graph, "LoadImage"), _step(graph, "LoadImageMask")
        kind = "upscale" if not sampler else "masked-edit" if mask else "image-to-image" if image else "text-to-image"
        return Order(
            api="comfyui",
            key=_key(request),
            model=_step(graph, "CheckpointLoaderSimple").get("ckpt_name", ""),
            operation=kind,
            prompt=graph[sampler["positive"][0]]["inputs"]["text"] if sampler else "",
            width=sized.get("width", 64),
            height=sized.get("height", 64),
            seed=sampler.get("seed"),
            reference=self.files[image["image"]] if image else None,
            mask=drawn_where_transparent(self.files[mask["image"]]) if mask else None,
        )


def _step(graph: _Graph, kind: str) -> dict[str, Any]:
    return next((step["inputs"] for step in graph.values() if step["class_type"] == kind), {})


def _key(request: web.Request) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key:
        raise unauthorized({"detail": "this server is behind a proxy that wants a token"})
    return key
