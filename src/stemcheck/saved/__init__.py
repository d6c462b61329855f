"""What stemcheck keeps: the built-in sample of real trials."""

STORE_FILE = "stemcheck.sqlite3"
"""Everything that is kept, in the data folder."""
