import { useLingui } from "@lingui/react/macro";

import { Page } from "@/components/page";
import { Kits, SavedLooks } from "@/features/qr/look/library/library";

/** The brand, and looks that are kept for further codes. */
export function LooksPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Brand and looks`} back={{ to: "/app/more", label: t`More` }}>
      <div className="settings">
        <Kits />
        <SavedLooks />
      </div>
    </Page>
  );
}
