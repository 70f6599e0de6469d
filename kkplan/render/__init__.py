"""How a plan looks: one file a format, found by its name; `formats()` lists them. Secrets are masked here."""
