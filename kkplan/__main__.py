"""`python -m kkplan`."""

from kkplan.cli.main import main

main()
