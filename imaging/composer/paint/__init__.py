"""A scene painted: the brush, sprites, lettering and the light of a final."""
