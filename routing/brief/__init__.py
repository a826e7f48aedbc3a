"""The life of a brief: its board, promotion, handover and end."""
