"""The agents, thin: consume, ask routing, call infra, emit."""
