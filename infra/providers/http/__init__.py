"""What the adapters of HTTP APIs share: the client, errors, downloads, the check of images, sizes, prompts."""
