"""analytics: counts that are true.

Reads the raw stream of hits, judges each (a person, or why not), adds device, browser, language and origin, and keeps
raw rows for a while and roll-ups for good. Not for: what happened at the redirect (routing), dashboards, reports and
alerts (insights), or experiments, which use only what was counted here.
"""
