"""Output: one package per report, one file per format, found by its name. Secrets are masked here."""
