"""Benches of measuring: defects, drift, handover, safety, speed."""
