"""Pages for people without a terminal: one self-contained file to read, print and pass on."""
