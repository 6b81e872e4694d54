"""From a payload and a design to a picture: symbol → scene → writer. Pure, deterministic, made for other processes.

There is one scene for all formats; a writer turns it into bytes and decides nothing about the look.
"""
