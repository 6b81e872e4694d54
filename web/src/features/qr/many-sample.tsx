import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Icon } from "@/components/icon";

import { contentTypesQuery } from "./api";
import { sampleUrl } from "./many-api";

/** A sheet to begin with, whose columns need no matching. */
export function ManySample() {
  const { t, i18n } = useLingui();
  const { data: types } = useQuery(contentTypesQuery);
  const [chosen, setChosen] = useState("url");
  const language = i18n.locale === "hi" ? "hi" : "en";
  // A file is chosen in the library, not written into a sheet.
  const offered = types?.data.filter(({ type }) => type !== "file") ?? [];
  return (
    <section className="card stack">
      <h2>
        <Trans>No sheet yet?</Trans>
      </h2>
      <p className="muted">
        <Trans>Begin with ours. Write your lines in place of the example in it.</Trans>
      </p>
      <NativeSelect
        label={t`What the codes hold`}
        value={chosen}
        onChange={({ currentTarget: { value } }) => setChosen(value)}
        data={offered.map(({ type, title }) => ({ value: type, label: title[language] }))}
      />
      <div className="row wrap">
        {(["xlsx", "csv"] as const).map((form) => (
          <Button
            key={form}
            component="a"
            variant="default"
            href={sampleUrl(chosen, language, form)}
            download
            leftSection={<Icon of={IconDownload} />}
          >
            {form === "xlsx" ? t`Excel sheet` : t`CSV sheet`}
          </Button>
        ))}
      </div>
    </section>
  );
}
