"""The commands, a module for each group of them; `sync_service.cli` is the program."""
