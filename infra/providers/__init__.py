"""Image models: one contract (`base`), one adapter for each provider, and the cards of the models as data."""
