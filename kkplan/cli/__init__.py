"""What a person or a script types: one file a command. Decides nothing that is not about the terminal."""
