"""The object store: pictures, manifests and the ledger."""
