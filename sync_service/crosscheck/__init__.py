"""Rosters against rosters, so that nobody is missed: who should be on a list and is not, with whom to ask and by what."""
