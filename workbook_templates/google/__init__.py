"""The forms as a Google spreadsheet: requests for one spreadsheets.batchUpdate; pure."""
