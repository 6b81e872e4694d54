import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconCode, IconCopy } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import { toast } from "@/components/toast";
import { copyText } from "@/lib/copy";

type Props = {
  text: string;
  /** Whether the end of its short address is still to come. */
  sample: boolean;
};

/** The text in the symbol, letter by letter, for those who want to see it. */
export function ExactText({ text, sample }: Props) {
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
      {sample ? (
        <p className="small muted">
          <Trans>
            The code will hold a short address. It gets its own when you save; this one only shows how long it
            is.
          </Trans>
        </p>
      ) : null}
      <div className="exact">
        <pre dir="ltr">{text}</pre>
        {sample ? null : (
          <ActionIcon variant="subtle" aria-label={t`Copy`} onClick={() => void copy()}>
            <Icon of={IconCopy} />
          </ActionIcon>
        )}
      </div>
    </details>
  );
}
