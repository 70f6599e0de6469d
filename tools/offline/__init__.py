"""`make offline`: kkplan for machines without internet, as one file that needs no Python and as a folder of wheels, the same bytes each time."""
