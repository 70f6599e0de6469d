"""What is handed out: packages, the single file, the wheelhouse, completion, man pages."""
