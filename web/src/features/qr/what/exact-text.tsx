import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconCode, IconCopy } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import { toast } from "@/components/toast";
import { copyText } from "@/lib/copy";

/** The text in the symbol, letter by letter, for those who want to see it. */
export function ExactText({ text }: { text: string }) {
  const { t } = useLingui();
  const copy = async () => {
    const copied = await copyText(text);
    toast(copied ? { text: t`Copied` } : { text: t`Your browser does not let us copy.`, fault: true });
  };
  return (
    <details className="more ruled">
      <summary>
        <Icon of={IconCode} />
        <Trans>What the code says, letter by letter</Trans>
        <span className="chev">
          <Icon of={IconChevronDown} />
        </span>
      </summary>
      <div className="exact">
        <pre dir="ltr">{text}</pre>
        <ActionIcon variant="subtle" aria-label={t`Copy`} onClick={() => void copy()}>
          <Icon of={IconCopy} />
        </ActionIcon>
      </div>
    </details>
  );
}
