"""media: files that a workspace uploads: judged by their content, made safe, kept, and opened by visitors.

Not for pictures of codes: those are drawn by qr each time.
"""
