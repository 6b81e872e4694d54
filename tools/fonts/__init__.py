"""Makes the fonts that the words of frames are drawn with."""
