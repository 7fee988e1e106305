"""A stand-in for Google Sheets and Google Drive on this machine, for real gspread and google-auth to talk to.

It knows the token grant, spreadsheets.get, batchUpdate and values, and Drive's list of files: what taizhang calls, and what a
clerk's hands do meanwhile. tests/test_google_stand_in.py replays gspread's recorded exchanges with Google against it.
"""
