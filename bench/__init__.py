"""Benches: each run measures again and writes `bench/results/<name>.json`, beside its floor or rival."""
