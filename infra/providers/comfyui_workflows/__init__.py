"""Workflow templates for ComfyUI, as JSON: a graph in the format of its API, and where a request's words go in it."""
