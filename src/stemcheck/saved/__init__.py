"""What stemcheck saves on this machine, and the built-in sample of real trials."""

STORE_FILE = "stemcheck.sqlite3"
"""The file in the data folder that holds all saved data."""
