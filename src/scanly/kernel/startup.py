"""What keeps a process from starting."""


class StartupError(Exception):
    """The process cannot start; the text is one plain sentence that says how to mend it.

    The command line prints the text to standard error and exits with 2. Not a `ScanlyError`: there is no caller who
    could be answered.
    """
