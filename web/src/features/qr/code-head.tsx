import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import {
  IconCopy,
  IconDownload,
  IconPlayerPause,
  IconPlayerPlay,
  IconSwitchHorizontal,
} from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "@/components/icon";
import { toast } from "@/components/toast";
import { copyText } from "@/lib/copy";
import type { Code } from "@/lib/api/types";

import { imageUrl } from "./api";
import { ChangeSheet } from "./change-sheet";
import { CodeMenu } from "./code-menu";
import { useStateActions } from "./code-state";
import { useLeadsTo } from "./leads-to";

/** Letters of a name that the page's head shows whole on every phone. */
const LONG_NAME = 40;

/** What a code is and what can be done with it. */
export function CodeHead({ code, fresh }: { code: Code; fresh: boolean }) {
  const { t } = useLingui();
  const leadsTo = useLeadsTo();
  const change = useStateActions();
  const [changing, setChanging] = useState(false);
  const { link, name } = code;
  const copy = async () => {
    if (!link) return;
    const copied = await copyText(link.short_url);
    toast(
      copied
        ? { text: t`Short address copied` }
        : { text: t`Your browser does not let us copy.`, fault: true },
    );
  };
  return (
    <section className="card who" aria-label={t`This code`}>
      <img className="qr" src={imageUrl(code, "svg")} alt={t`Code: ${name}`} />
      <div className="stack who-words">
        {name.length > LONG_NAME ? (
          <p className="only-mob strong breaks" dir="auto">
            {name}
          </p>
        ) : null}
        <p className="small muted">
          {link ? <Trans>Leads to</Trans> : <Trans>Holds everything itself</Trans>}
        </p>
        <p className="strong truncate">
          {link ? (
            <a href={link.destination} rel="noreferrer" target="_blank">
              {leadsTo(code)}
            </a>
          ) : (
            leadsTo(code)
          )}
        </p>
        {link ? (
          <p className="row small muted short">
            <span className="truncate num">{link.short_url.replace(/^https?:\/\//i, "")}</span>
            <ActionIcon
              variant="subtle"
              size="sm"
              aria-label={t`Copy the short address`}
              onClick={() => void copy()}
            >
              <Icon of={IconCopy} />
            </ActionIcon>
          </p>
        ) : (
          <p className="small muted">
            <Trans>Phones read it without asking us, so it can’t be counted.</Trans>
          </p>
        )}
      </div>
      <div className="acts">
        {link ? (
          <Button
            variant={fresh ? "default" : "filled"}
            leftSection={<Icon of={IconSwitchHorizontal} />}
            onClick={() => setChanging(true)}
          >{t`Change`}</Button>
        ) : null}
        {fresh ? null : (
          <Button
            variant={link ? "default" : "filled"}
            renderRoot={(props) => (
              <Link
                to="/app/codes/$codeId/edit"
                params={{ codeId: code.id }}
                search={{ step: "download" }}
                {...props}
              />
            )}
            leftSection={<Icon of={IconDownload} />}
          >{t`Download`}</Button>
        )}
        {link && code.status === "active" ? (
          <Button
            variant="default"
            leftSection={<Icon of={IconPlayerPause} />}
            onClick={() => change(code, "pause")}
          >{t`Pause`}</Button>
        ) : null}
        {link && code.status === "paused" ? (
          <Button
            variant="light"
            leftSection={<Icon of={IconPlayerPlay} />}
            onClick={() => change(code, "resume")}
          >{t`Make it live again`}</Button>
        ) : null}
        <CodeMenu code={code} within="page" />
      </div>
      {link ? <ChangeSheet code={code} opened={changing} onClose={() => setChanging(false)} /> : null}
    </section>
  );
}
