"""The pictures of the READMEs and guides: real runs of kkplan in a terminal, as SVG. `make pictures`."""
