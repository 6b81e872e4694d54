"""Drawings (SVG) of 40 by 20 with what vectors can show, and with what they cannot."""

VECTORS = {
    "shapes": '<rect x="2" y="2" width="36" height="16" rx="4" fill="#c0143c"/>'
    '<circle cx="12" cy="10" r="5" fill="gold"/>'
    '<ellipse cx="28" cy="10" rx="7" ry="4" fill="rgb(0,80,160)"/><rect width="4" height="4"/>',
    "even-odd": '<path fill-rule="evenodd" fill="#0b3d91" d="M0 0h40v20H0zM10 5h20v10H10z"/>',
    "nonzero": '<path fill="#0b3d91" d="M0 0h40v20H0zM10 5v10h20V5z"/><polygon points="12,6 20,14 28,6"/>',
    "strokes": '<path d="M4 16L14 4l10 12L36 4" fill="none" stroke="#7a0019" stroke-width="3" stroke-linecap="round" '
    'stroke-linejoin="round"/><line x1="2" y1="18" x2="38" y2="18" stroke="black" stroke-width="2"/>',
    "groups": '<g transform="translate(20 10) rotate(30) scale(1.5,.8)" fill="#004d40"><path d="M-8-5h16v10h-16z"/>'
    '<g style="fill:#fff;stroke:#000" transform="skewX(20)"><polyline points="-4,-2 4,-2 0,3"/></g></g>',
    "colours beyond": '<rect width="20" height="20" fill="rgb(999,5,0)"/><path d="M20 0h20v20z" fill="rgb(0,0,300)"/>',
    "curves": '<path fill="#5b2a86" d="M2 10C2 0 18 0 18 10S34 20 38 10Q36 2 30 4T24 8z"/>',
    "arcs": '<path fill="#c0143c" d="M20 2a8 8 0 1 1-.1 0zM4 18a6 3 30 0 0 8-4A10 10 0 013 8z"/>'
    '<path fill="none" stroke="#000" d="M30 4A5 9 45 0 1 38 12"/>',
}
RAMP = '<stop stop-color="#c0143c"/><stop offset=".4" stop-color="gold"/><stop offset="100%" stop-color="#0b3d91"/>'
WHOLE = '<rect width="40" height="20" fill="url(#a)"/>'
GRADIENTS = {
    "linear": f'<defs><linearGradient id="a">{RAMP}</linearGradient></defs>{WHOLE}',
    "slanted": f'<linearGradient id="a" x1="20%" y1="0" x2=".8" y2="100%">{RAMP}</linearGradient>'
    '<path d="M2 10C2 0 18 0 18 10S34 20 38 10Q36 2 30 4T24 8z" fill="url(#a)"/>',
    "in units of the drawing": '<linearGradient id="a" gradientUnits="userSpaceOnUse" x1="5" y1="4" x2="35" y2="16">'
    f"{RAMP}</linearGradient>"
    '<circle cx="10" cy="10" r="9" fill="url(#a)"/><circle cx="30" cy="10" r="9" fill="url(#a)"/>',
    "in shares of the drawing": '<linearGradient id="a" gradientUnits="userSpaceOnUse">'
    f'{RAMP}</linearGradient><g transform="translate(4 2) scale(.5)">{WHOLE}</g>',
    "transformed": f'<linearGradient id="a" gradientTransform="rotate(30 .5 .5) scale(.7 1.2)">{RAMP}</linearGradient>'
    '<g transform="rotate(10 20 10)"><ellipse cx="20" cy="10" rx="18" ry="7" fill="url(#a)"/></g>',
    "radial": f'<radialGradient id="a">{RAMP}</radialGradient>{WHOLE}',
    "with a focus": f'<radialGradient id="a" cx="40%" cy="60%" r="60%" fx="30%" fy="30%">{RAMP}</radialGradient>'
    + WHOLE,
    "radial in units of the drawing": '<radialGradient id="a" gradientUnits="userSpaceOnUse" cx="12" cy="8" r="14" '
    f'gradientTransform="matrix(1 .2 -.3 .8 2 1)">{RAMP}</radialGradient>{WHOLE}',
    "inherited": f'<linearGradient id="c" x1="0" x2="0" y2="1" gradientTransform="rotate(20)">{RAMP}</linearGradient>'
    '<linearGradient id="b" href="#c" x2=".5"/><linearGradient xmlns:xlink="http://www.w3.org/1999/xlink" id="a" '
    f'xlink:href="#b" gradientTransform="translate(.1)"/>{WHOLE}',
    "radial with the stops of a linear one": '<linearGradient id="b" x1="9" y1="9" gradientUnits="userSpaceOnUse">'
    f'{RAMP}</linearGradient><radialGradient id="a" href="#b" cx="20" cy="10" r="10"/>' + WHOLE,
    "hard edges": '<linearGradient id="a"><stop offset=".3" stop-color="red"/><stop offset=".3" stop-color="#fff"/>'
    '<stop offset=".6" style="stop-color:#fff"/><stop offset=".5" stop-color="#00f"/></linearGradient>' + WHOLE,
    "even-odd": f'<radialGradient id="a">{RAMP}</radialGradient>'
    '<path fill-rule="evenodd" style="fill:url(#a)" d="M0 0h40v20H0zM10 5h20v10H10z" stroke="#000"/>',
    "one colour": '<radialGradient id="a"><stop stop-color="#0b3d91"/></radialGradient>' + WHOLE,
    "nothing": f'<linearGradient id="a"/>{WHOLE}<rect width="9" height="9" fill="#c0143c"/>',
}
COPIES = {
    "copies": '<defs><path id="p" d="M0 0h9v9z"/></defs><use href="#p"/><use href="#p" x="12" y="4" fill="#c0143c"/>'
    '<use href="#p" transform="translate(38 2) scale(-1 1.5)" fill="#0b3d91" stroke="gold"/>',
    "copies of copies": '<g id="a"><circle id="c" cx="4" cy="4" r="3" fill="#7a0019"/>'
    '<rect x="6" y="6" width="3" height="3"/></g>'
    '<g id="b" transform="translate(9 2)"><use href="#a"/><use href="#c" x="7"/></g><use href="#b" x="14" y="3"/>',
    "with gradients": f'<radialGradient id="g">{RAMP}</radialGradient>'
    '<symbol><g id="s"><circle cx="6" cy="6" r="5"/></g></symbol><use href="#s" fill="url(#g)"/>'
    '<use href="#s" x="20" transform="scale(1.2)" fill="url(#g)"/>',
}
VECTORS |= GRADIENTS | COPIES
SEE_THROUGH = {
    "opacity": '<rect width="30" height="12" fill="#c0143c"/>'
    '<rect x="8" y="6" width="32" height="14" fill="#00f" opacity=".5"/>',
    "of fill and stroke": '<rect width="40" height="9" fill="gold"/><circle cx="20" cy="10" r="7" fill="#0b3d91" '
    'fill-opacity="40%" stroke="#c0143c" stroke-width="3" stroke-opacity=".6"/>',
    "of colours": '<rect width="40" height="9"/>'
    '<path d="M4 2h20v16H4z" fill="#ff000080" stroke="#00ff0040" stroke-width="2"/>',
    "of a group with one shape": '<rect width="40" height="9"/><g opacity=".5"><g>'
    '<rect x="5" y="3" width="30" height="14" fill="#c0143c" opacity=".8"/></g></g>',
    "of a copy": '<rect width="40" height="9"/><path id="p" d="M0 0h18v18z"/>'
    '<use href="#p" x="20" fill="red" opacity=".3"/>',
    "of a gradient": '<rect width="40" height="9"/><linearGradient id="a"><stop stop-color="red" stop-opacity=".5"/>'
    f'<stop offset="1" stop-color="#00f" style="stop-opacity:50%"/></linearGradient>{WHOLE}',
    "inherited opacity": '<rect width="40" height="9"/><g fill-opacity=".5" fill="#00f"><path d="M0 0h20v18H0z"/>'
    '<path d="M10 5h20v15H10z" fill-opacity="1"/></g>',
}
PIXELS = {
    "opacity of what overlaps": '<g opacity=".5"><rect width="20" height="20"/><rect width="40" height="9"/></g>',
    "opacity of fill and stroke together": '<rect x="4" y="4" width="30" height="12" stroke="red" opacity=".5"/>',
    "mask": '<mask id="m"><circle r="9" fill="#fff"/></mask><rect width="40" height="20" mask="url(#m)"/>',
    "style sheet": '<style>rect{fill:red}</style><rect width="40" height="20"/>',
    "style sheet in definitions": '<defs><style>rect{fill:red}</style></defs><rect width="40" height="20"/>',
    "dashes": '<path d="M0 10h40" stroke="#000" stroke-dasharray="4 2"/>',
    "broken": '<path d="M0 0 L 5"/>',
    "percent": '<rect width="100%" height="20"/>',
    "important": '<rect width="40" height="20" style="fill:red!important" fill="blue"/>',
    "transform in a style": '<rect width="40" height="20" style="transform:scale(.5)"/>',
    "a gradient that fades": '<linearGradient id="a"><stop stop-color="red"/><stop offset="1" stop-opacity="0"/>'
    f"</linearGradient>{WHOLE}",
    "a repeating gradient": f'<linearGradient id="a" x2=".2" spreadMethod="repeat">{RAMP}</linearGradient>{WHOLE}',
    "a gradient along a line": f'<linearGradient id="a">{RAMP}</linearGradient><path d="M2 2h30v9" stroke="url(#a)"/>',
    "a focus outside": f'<radialGradient id="a" fx="2">{RAMP}</radialGradient>{WHOLE}',
    "a gradient from itself": '<linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/>' + WHOLE,
    "a gradient without a place": f'<linearGradient id="a" x2="0">{RAMP}</linearGradient>{WHOLE}',
    "a gradient without an area": f'<linearGradient id="a">{RAMP}</linearGradient><path d="M0 5h40" fill="url(#a)"/>',
    "a gradient that is flat": f'<linearGradient id="a" gradientTransform="scale(0)">{RAMP}</linearGradient>{WHOLE}',
    "a colour beyond the end": '<linearGradient id="a" x1=".5"><stop stop-color="red"/><stop stop-color="gold"/>'
    f'<stop offset="1"/></linearGradient>{WHOLE}',
    "a pattern": f'<pattern id="a" width="4" height="4"><rect width="2" height="2"/></pattern>{WHOLE}',
    "a missing gradient": '<rect width="40" height="20" fill="url(#nobody)"/><rect width="9" height="9"/>',
    "a gradient or a colour": '<rect width="40" height="20" fill="url(#a) red"/>'
    f'<linearGradient id="a">{RAMP}</linearGradient>',
    "a copy of itself": '<g id="a"><rect width="9" height="9"/><use href="#a" x="9"/></g>',
    "a copy of a symbol": '<symbol id="s" viewBox="0 0 2 2"><rect width="2" height="2"/></symbol><use href="#s"/>',
    "a copy of nobody": '<rect width="9" height="9"/><use href="#nobody"/>',
    "no number": '<rect x="nan" width="40" height="20"/>',
    "a number without end": '<path d="M0 0L1e999 9V9z"/>',
    "an arc too large for numbers": '<path d="M0 0A1e200 1e200 0 0 1 1e201 5"/>',
    "an arc too small for numbers": '<path d="M0 0A1e-200 1e-200 0 0 1 5 5"/>',
    "digits of another script": '<path d="M0 0h४v9z"/>',
    "a number that printers do not take": '<path d="M0 0L1e39 9L9 9z"/>',
    "transforms without end": '<rect width="9" height="9" transform="scale(1e300) scale(1e300)"/>',
    "a scale of nearly nothing": '<rect width="4e10" height="2e10" transform="scale(1e-9)"/>',
    "a scale of nothing": '<rect width="9" height="9" stroke="red" transform="scale(1 0)"/>',
    "a miter below one": '<path d="M0 0L9 9" stroke="red" stroke-miterlimit="0"/>',
    "a line of no number": '<path d="M0 0L9 9" stroke="red" stroke-width="nan"/>',
    "a copy at no number": '<path id="p" d="M0 0h9v9z"/><use href="#p" x="nan"/>',
    "a gradient without end": f'<linearGradient id="a" x1="-1e999%">{RAMP}</linearGradient>{WHOLE}',
    "a circle without end": f'<radialGradient id="a" r="1e999">{RAMP}</radialGradient>{WHOLE}',
    "less than nothing": '<circle cx="9" cy="9" r="-5"/><rect x="9" y="9" width="-5" height="5"/>',
    "a colour only for Pillow": '<rect width="9" height="9" fill="hsv(0,100%,100%)"/>',
    "two of one name": '<path id="p" d="M0 0h9v9z"/><path id="p" d="M9 9h9v9z"/><use href="#p" x="9"/>',
}
