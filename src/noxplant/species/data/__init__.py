"""Data files of the species: every number with value, unit, source and class."""
