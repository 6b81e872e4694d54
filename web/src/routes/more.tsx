import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";

import { Page } from "@/components/page";
import { PasswordCard } from "@/features/auth/settings/password-card";
import { ProfileCard } from "@/features/auth/settings/profile-card";
import { SessionsCard } from "@/features/auth/settings/sessions-card";
import { ShopCard } from "@/features/auth/settings/shop-card";
import { useWorkspace } from "@/lib/session";

/** You, your shop, and where you are signed in. */
export function MorePage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { id } = useWorkspace();
  return (
    <Page title={t`More`}>
      <div className="settings">
        <div className="stack roomy">
          <ProfileCard />
          <ShopCard key={id} />
        </div>
        <div className="stack roomy">
          <PasswordCard />
          <SessionsCard onSignedOut={() => void navigate({ to: "/" })} />
        </div>
      </div>
    </Page>
  );
}
