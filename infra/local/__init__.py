"""The embedded servers: SeaweedFS and the Tansu broker from their PyPI wheels, supervised, on loopback."""
