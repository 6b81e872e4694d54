"""Pure rules of analytics: who a hit came from, with what, from where, and how time is cut. No I/O."""
