"""An invented county whose clerks type as clerks do, and whose every mistake is known."""
