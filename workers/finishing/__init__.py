"""From accepted refinements to a published asset."""
