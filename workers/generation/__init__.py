"""From a job to its image, paid once: the ledger's lease, the pace of calls, the model, the object store."""
