"""Campaigns: read from files, checked, stored, and those in force."""
