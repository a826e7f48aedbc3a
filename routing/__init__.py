"""What to do next. Pure: no I/O, no sleeping, no clock; time and randomness are arguments."""
