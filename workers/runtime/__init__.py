"""What every worker process has in common: its kind, its start, its connections, its end."""
