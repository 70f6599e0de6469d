"""`make offline`: kkplan for machines without internet, as one file and as a folder of wheels, the same bytes each time."""
