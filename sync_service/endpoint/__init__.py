"""The county's endpoint: the check page, and the answers to the button in Excel and Google Sheets."""
