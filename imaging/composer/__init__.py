"""The composer: the default image model. It draws ads from a brand kit and its copy, on the CPU, without a network.

Other rooms use these modules of it, and no others:

- `requests`: what a request may ask for, and the scene that it asks for.
- `studio`: from a request to a job for a thread.
- `jobs`: the jobs of drafts and finals, and the result of every job.
- `compose`: a scene from axes and material, and its pixels, for benches and tests.
- `codec`: image files to pixels and back.

This package imports nothing by itself, so that naming it costs nothing. The names of layouts, grounds and other
choices are in `schemas.scenes`, for processes that draw nothing.
"""
