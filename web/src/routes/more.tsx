import { useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import {
  IconChevronRight,
  IconFolder,
  IconHeartRateMonitor,
  IconPalette,
  type Icon as Shape,
} from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import { Page } from "@/components/page";
import { PasswordCard } from "@/features/auth/settings/password-card";
import { ProfileCard } from "@/features/auth/settings/profile-card";
import { SessionsCard } from "@/features/auth/settings/sessions-card";
import { ShopCard } from "@/features/auth/settings/shop-card";
import { useMe, useWorkspace } from "@/lib/session";

/** You, your shop, and where you are signed in. */
export function MorePage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { id } = useWorkspace();
  const { is_operator: isOperator } = useMe().user;
  return (
    <Page title={t`More`}>
      <div className="settings">
        <div className="stack roomy">
          {isOperator ? (
            <Link to="/app/server" className="card row only-mob">
              <Icon of={IconHeartRateMonitor} />
              <span className="grow">{t`Health of this server`}</span>
              <Icon of={IconChevronRight} turns />
            </Link>
          ) : null}
          <nav className="card card-flush menulist" aria-label={t`For your codes`}>
            <Entry to="/app/looks" icon={IconPalette} name={t`Brand and looks`} />
            <Entry to="/app/files" icon={IconFolder} name={t`Files`} />
          </nav>
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

function Entry({ to, icon, name }: { to: "/app/looks" | "/app/files"; icon: Shape; name: string }) {
  return (
    <Link to={to}>
      <Icon of={icon} />
      <span className="grow">{name}</span>
      <Icon of={IconChevronRight} turns />
    </Link>
  );
}
