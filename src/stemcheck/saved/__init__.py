"""What stemcheck keeps: the built-in sample of real trials."""
