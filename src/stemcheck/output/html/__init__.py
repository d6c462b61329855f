"""Pages for a person without a terminal: one self-contained file, to read, to print, to hand on."""
