"""The command line: one file per command. Decides only what is about the terminal."""
