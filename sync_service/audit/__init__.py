"""Who did what when: a chain of entries in the store, of which none can be changed or taken out unseen."""
