"""A provider of pictures that speaks fal's queue and OpenAI's images API on one port, badly where it is told to.

It makes real pictures, bills each once it is made, and counts every call, so that a test can compare what
was paid with what was used. How it behaves is its `Weather`; `client.SimulatorClient` sets and reads it.
"""
