import { useLingui } from "@lingui/react/macro";

import type { Code } from "@/lib/api/types";

import { imageUrl } from "./api";

/** A saved code as it looks, small; one in the trash is not drawn any more. */
export function Thumbnail({ code }: { code: Code }) {
  if (code.status === "deleted") return <NoCode small />;
  return <img className="qr qr-s" src={imageUrl(code, "svg")} alt="" width={56} height={56} loading="lazy" />;
}

/** The code of a draft, or where it will appear. */
export function DraftPicture({ source }: { source: string | undefined }) {
  const { t } = useLingui();
  return source ? <img className="qr" src={source} alt={t`Your code`} /> : <NoCode />;
}

/** The three corners every code has, without the rest. */
function NoCode({ small = false }: { small?: boolean }) {
  return (
    <svg className={small ? "qr qr-s qr-none" : "qr qr-none"} viewBox="0 0 29 29" aria-hidden="true">
      {[
        [4, 4],
        [18, 4],
        [4, 18],
      ].map(([x = 0, y = 0]) => (
        <g key={`${x}-${y}`}>
          <rect x={x + 0.5} y={y + 0.5} width="6" height="6" rx="1.5" fill="none" stroke="currentColor" />
          <rect x={x + 2} y={y + 2} width="3" height="3" rx=".8" fill="currentColor" />
        </g>
      ))}
    </svg>
  );
}
