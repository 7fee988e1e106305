"""The world: reading workbooks, the store, the master workbook, the command line."""
