"""The outside world: Kafka, the object store, the ledger, image models, settings, metrics and the embedded servers."""
