"""What kkplan decides, as plain frozen data: edits, files, findings, and the plan that holds them."""
