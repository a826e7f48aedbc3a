"""SVG drawings: what they may hold."""
