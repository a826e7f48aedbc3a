"""The life of a brief: its board, promotion, handover, refinement and end."""
