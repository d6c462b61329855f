"""What a trial is: models, enums and no I/O. Everything else in stemcheck speaks these words."""
