"""Benches of calls to models: pace, failover, refusals, spending, calibration."""
