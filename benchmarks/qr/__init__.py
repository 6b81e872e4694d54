"""Drawing codes: styled SVG and PNG, the judge, and ten thousand codes in one archive."""
