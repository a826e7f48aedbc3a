"""Workarounds for the embedded broker (Tansu); Apache Kafka needs none of them."""
