"""A rehearsal: a pair's own files at work in a lab, one failure after the other, and what its client sees of them."""
