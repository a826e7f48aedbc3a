"""The fault bench: a whole line under load, what breaks it from outside, and what is looked at afterwards."""
