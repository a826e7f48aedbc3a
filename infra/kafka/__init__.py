"""Kafka: the bus that sends, the offset-safe consumer, the faust app, and the guard around every handler."""
