"""What is done with many codes at once: its requests and answers, judging in bulk, sheets and archives.

Knows contents and designs; the use cases are in ``service``.
"""
