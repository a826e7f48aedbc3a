"""When a model may be called: limits, circuit breakers, fallbacks, retries."""
