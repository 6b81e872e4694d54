"""qr: codes, what they hold, how they look, and whether a phone can read them.

It owns neither the address nor the destination of a dynamic code (routing does) and counts nothing (analytics does).
"""
