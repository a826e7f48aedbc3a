"""Benches of delivery under faults."""
