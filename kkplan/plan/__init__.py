"""What kkplan decides, as frozen data: edits, files, findings, and the plan that holds them."""
