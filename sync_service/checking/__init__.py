"""A verdict on one workbook outside a run: nothing is stored and nothing is published."""
