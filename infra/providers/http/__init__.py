"""What the adapters of HTTP APIs share: the base class, client, errors, images, sizes, prices, prompts."""
