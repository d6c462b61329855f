"""Asks ClinicalTrials.gov and reads its answers. The only package that speaks HTTP."""
