"""The money of briefs: reserved, claimed, settled."""
