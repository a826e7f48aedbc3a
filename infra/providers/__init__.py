"""Image models: one contract, one file or folder for each provider."""
