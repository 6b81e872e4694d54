"""One module per service: its interface, data types, errors and events. No I/O, no logic beyond validation."""
