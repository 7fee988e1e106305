"""Townships that work in a shared Google spreadsheet: read through gspread, never written to."""
