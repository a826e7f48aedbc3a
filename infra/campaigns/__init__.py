"""Campaigns: `reading` loads them from files, `book` keeps those in force.

Import the modules. This package imports none of them, because workers that only need the book would load the fonts and
the composer's lists as well.
"""
