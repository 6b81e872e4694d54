import type { Icon as Shape } from "@tabler/icons-react";

/** An outline icon in the size of its text. It never carries meaning alone, so it is hidden from screen readers. */
export function Icon({ of: Drawing, turns }: { of: Shape; turns?: boolean }) {
  return <Drawing className={turns ? "i turns" : "i"} stroke={1.75} aria-hidden />;
}
