"""Deployment: compose files, policies, and setting up the store for a user with no more rights than needed."""
