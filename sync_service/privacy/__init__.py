"""Personal data: shown masked, locked when it leaves, kept as long as the law says and no longer."""
