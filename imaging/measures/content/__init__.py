"""Measurements by neural networks: content, nudity, novelty, prompt alignment."""
