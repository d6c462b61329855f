"""Use cases: what a command does, without printing and without Typer."""
