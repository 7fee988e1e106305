"""The work summary as a Word document: a template that the bureau rewrites in Word, filled in with the figures."""
