"""Draws answers. The only package that does; every format comes from the same models."""
