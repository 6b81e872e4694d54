"""Names in SVG (SVG 2 and Filter Effects 1, W3C) that neither run nor load anything by themselves."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS: Final = _words(
    """
    svg g switch path rect circle ellipse line polyline polygon text image use defs symbol marker clipPath mask
    pattern linearGradient radialGradient stop tspan textPath title desc style filter feBlend feColorMatrix
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
    feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence
    """
)
ATTRIBUTES: Final = _words(
    """
    id class style lang viewBox preserveAspectRatio version width height x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d
    points transform pathLength dx dy rotate textLength lengthAdjust startOffset method spacing side offset href
    gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform clipPathUnits
    maskUnits maskContentUnits mask-type markerUnits markerWidth markerHeight orient refX refY alignment-baseline
    baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters color-rendering
    direction display dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font-family
    font-size font-size-adjust font-stretch font-style font-variant font-weight glyph-orientation-vertical
    image-rendering letter-spacing lighting-color marker-end marker-mid marker-start mask mix-blend-mode isolation
    opacity overflow paint-order shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset
    stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration
    text-rendering unicode-bidi vector-effect visibility word-spacing writing-mode filterUnits primitiveUnits in in2
    result mode operator k1 k2 k3 k4 type values stdDeviation edgeMode radius order kernelMatrix divisor bias
    targetX targetY preserveAlpha surfaceScale diffuseConstant specularConstant specularExponent kernelUnitLength
    azimuth elevation z pointsAtX pointsAtY pointsAtZ limitingConeAngle scale xChannelSelector yChannelSelector
    baseFrequency numOctaves seed stitchTiles slope intercept amplitude exponent tableValues requiredFeatures
    systemLanguage
    """
)
