"""When a model may be called: rate limiter, circuit breaker, fallbacks, retries."""
