"""`stemcheck report`: a page to print, for a person without a terminal."""
