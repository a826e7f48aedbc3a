"""A simulated provider of images. It speaks the API of every adapter on one port, and fails where a test wants it.

It makes real images, bills each once it is made, and counts every call, so that a test can compare what was paid with
what was used. Its behaviour is its `Weather`; `client.SimulatorClient` sets and reads it.
"""
