"""Benches: each measures anew at every run and writes `bench/results/<name>.json`, floor or rival beside it."""
