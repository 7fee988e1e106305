"""Backups of the store and of what belongs to it: `keeping.keep` makes and thins them out, `restoring.restore` brings one back."""
