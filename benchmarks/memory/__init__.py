"""What each process holds over half an hour of load."""
