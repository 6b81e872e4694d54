import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconCircleCheck, IconDownload } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import { fileName } from "@/lib/download";
import type { Code } from "@/lib/api/types";

import { imageUrl, QUICK_PNG } from "./api";

/** A code that was just saved: the picture is one tap away. */
export function FreshCard({ code }: { code: Code }) {
  const { t } = useLingui();
  return (
    <section className="card fresh" aria-labelledby="fresh">
      <span className="good">
        <Icon of={IconCircleCheck} />
      </span>
      <div className="grow">
        <h2 id="fresh">
          <Trans>Your code is saved and works already</Trans>
        </h2>
        <p className="muted">
          {code.link ? (
            <Trans>Download it, print it, and watch the scans arrive here.</Trans>
          ) : (
            <Trans>Download it and print it.</Trans>
          )}
        </p>
      </div>
      <div className="row wrap">
        <Button
          component="a"
          href={imageUrl(code, "png", QUICK_PNG)}
          download={fileName(code.name, "png")}
          leftSection={<Icon of={IconDownload} />}
        >{t`Download`}</Button>
        <Button
          variant="subtle"
          renderRoot={(props) => (
            <Link
              to="/app/codes/$codeId/edit"
              params={{ codeId: code.id }}
              search={{ step: "download", fresh: true }}
              {...props}
            />
          )}
        >
          {t`Other sizes`}
        </Button>
      </div>
    </section>
  );
}
