import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconDownload, IconMailCheck, IconUser, IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";

import { Icon } from "@/components/icon";
import type { Code } from "@/lib/api/types";
import { remember, remembered } from "@/lib/memory";
import { useMe } from "@/lib/session";

type Step = { name: string; icon: typeof IconUser; link: ReactNode; why: string };

function putAwaySteps(): string[] {
  return remembered("steps-put-away")?.split(",").filter(Boolean) ?? [];
}

/** What this shop really lacks, three at most; each can be put away. */
export function NextSteps({ codes }: { codes: Code[] }) {
  const { t } = useLingui();
  const { user, mail } = useMe();
  const [away, setAway] = useState(putAwaySteps);
  const { email } = user;
  const newest = codes.find(({ status }) => status === "active");
  const steps: Step[] = [];
  if (!user.email_confirmed) {
    steps.push({
      name: "confirm",
      icon: IconMailCheck,
      link: <Link to="/app/more">{t`Confirm your e-mail`}</Link>,
      why: mail.delivers
        ? t`Tap the link we sent to ${email}`
        : t`This server sends no mail; its operator has the link`,
    });
  }
  if (newest) {
    const { name } = newest;
    steps.push({
      name: `print-${newest.id}`,
      icon: IconDownload,
      link: (
        <Link to="/app/codes/$codeId" params={{ codeId: newest.id }} search={{ fresh: true }}>
          {t`Print “${name}”`}
        </Link>
      ),
      why: t`Download it in the size you need`,
    });
  }
  if (!user.name) {
    steps.push({
      name: "name",
      icon: IconUser,
      link: <Link to="/app/more">{t`Tell us your name`}</Link>,
      why: t`So that we can greet you`,
    });
  }
  const shown = steps.filter(({ name }) => !away.includes(name)).slice(0, 3);
  if (shown.length === 0) return null;
  const putAway = (name: string) => {
    const next = [...away, name];
    remember("steps-put-away", next.join(","));
    setAway(next);
  };
  return (
    <section className="card" aria-labelledby="next">
      <h2 id="next">
        <Trans>Good next steps</Trans>
      </h2>
      <ul className="list steps">
        {shown.map(({ name, icon, link, why }) => (
          <li key={name}>
            <span className="ico">
              <Icon of={icon} />
            </span>
            <span className="grow">
              {link}
              <span className="small muted">{why}</span>
            </span>
            <ActionIcon
              variant="subtle"
              size="sm"
              aria-label={t`Put this step away`}
              onClick={() => putAway(name)}
            >
              <Icon of={IconX} />
            </ActionIcon>
          </li>
        ))}
      </ul>
    </section>
  );
}
