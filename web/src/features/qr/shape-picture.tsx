const DRAWINGS: Record<string, string> = {
  square: "M0 0h3v3H0zM6 0h3v6H6zM3 3h3v3H3zM0 6h3v3H0zM3 6h3v3H3z",
  rounded:
    "M1.5 0a1.5 1.5 0 0 1 0 3 1.5 1.5 0 0 1 0-3zM6 1.5a1.5 1.5 0 0 1 3 0v3A1.5 1.5 0 0 1 7.5 6 1.5 1.5 0 0 1 6 4.5zM3 6v-1.5a1.5 1.5 0 0 1 3 0v3A1.5 1.5 0 0 1 4.5 9h-3a1.5 1.5 0 0 1 0-3z",
};

/** A few modules in a shape. A shape without a drawing of its own is shown as dots. */
export function ShapePicture({ shape }: { shape: string }) {
  const path = DRAWINGS[shape];
  return (
    <svg viewBox="0 0 9 9" aria-hidden="true">
      {path ? (
        <path fill="currentColor" d={path} />
      ) : (
        <g fill="currentColor">
          {[
            [1.5, 1.5],
            [7.5, 1.5],
            [7.5, 4.5],
            [4.5, 4.5],
            [4.5, 7.5],
            [1.5, 7.5],
          ].map(([x = 0, y = 0]) => (
            <circle key={`${x}-${y}`} cx={x} cy={y} r="1.3" />
          ))}
        </g>
      )}
    </svg>
  );
}
