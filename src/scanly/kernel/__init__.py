"""Technical blocks without a business noun: settings, database, errors, events, jobs, calls, HTTP, identity of callers.

Not for: anything that knows what a code, a link or a scan is.
"""
