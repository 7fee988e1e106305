"""What one run has worked out and the next one may use again, so that a run costs what has changed and not what there is."""
