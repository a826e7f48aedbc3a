"""A provider of images that speaks the API of every adapter on one port, badly where it is told to.

It makes real images, bills each once it is made, and counts every call, so that a test can compare what
was paid with what was used. How it behaves is its `Weather`; `client.SimulatorClient` sets and reads it.
"""
