"""The object store: images, manifests and the ledger."""
