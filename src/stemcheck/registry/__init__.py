"""ClinicalTrials.gov: asking it, and reading what it answers. The only room that speaks HTTP."""
