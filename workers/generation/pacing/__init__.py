"""The pace of calls to image models: who may call now in this process, and what processes gossip about it."""
