"""A rehearsal: a pair's own files run in a lab through one failure after the other, as its client sees it."""
