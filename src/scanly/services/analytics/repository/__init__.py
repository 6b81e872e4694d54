"""Every query of analytics: writing what was counted, reading roll-ups, reading single hits."""
