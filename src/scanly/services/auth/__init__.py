"""auth: people, workspaces, access.

For: who somebody is (sign-up, log-in, sessions, tokens, e-mail confirmation, reset) and where they belong (workspaces,
memberships). Not for: what a request may cost (gateway), nor what a member does inside a workspace (other services).
"""
