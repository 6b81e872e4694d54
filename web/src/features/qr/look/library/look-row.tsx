import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import type { BrandKit, SavedDesign } from "@/lib/api/types";

import { savedPicture } from "../api";

type Props = {
  of: "brand-kits" | "qr-designs";
  look: BrandKit | SavedDesign;
  menu: ReactNode;
  /** What else is told about it. */
  children?: ReactNode;
};

/** A brand or a kept look: its picture, its name, and what can be done with it. */
export function LookRow({ of, look, menu, children }: Props) {
  return (
    <li>
      <img className="qr qr-s" src={savedPicture(of, look)} alt="" width={56} height={56} />
      <span className="grow file-words">
        <b className="strong breaks" dir="auto">
          {look.name}
        </b>
        {look.is_default ? (
          <span className="small good-text">
            <Trans>New codes begin with it</Trans>
          </span>
        ) : null}
        {children}
      </span>
      {menu}
    </li>
  );
}
