"""From measurements to a score, gates, drift limits and novelty."""
