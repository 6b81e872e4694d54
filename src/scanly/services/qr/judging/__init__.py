"""The judge: looks at a code as phones do, says how well it can be read, what would help, and can do it.

``views`` spoils pictures as the street does, ``measures`` takes figures in the manner of ISO/IEC 15415, ``verdict``
makes a grade and advice of both, ``repair`` changes the least that passes.
"""

from scanly.services.qr.judging.repair import Change, Repaired, repair
from scanly.services.qr.judging.verdict import Advice, Grade, Verdict, judge

__all__ = ["Advice", "Change", "Grade", "Repaired", "Verdict", "judge", "repair"]
