"""Likely the same person: who among the rows may be one and the same, and why it is thought so."""
