"""Tells people when something needs them, by group robots and mail: `telling.tell` after each pass, `situation.py` what is told."""
