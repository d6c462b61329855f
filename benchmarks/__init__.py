"""How fast and how small stemcheck is, beside floors and peers measured in the same run."""
