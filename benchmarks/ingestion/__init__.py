"""What a scan costs between the spool and the counts."""
