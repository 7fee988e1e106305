"""The buttons of a workbook: xlwings functions, and the VBA project that calls them."""
