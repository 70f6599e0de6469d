"""How things look: a package a report, in it a file a format, found by its name. Secrets are masked here."""
