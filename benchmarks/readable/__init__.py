"""Whether a scan costs the same, and a view answers as fast, however many scans are stored."""
