import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";

import { Seg } from "@/components/seg";
import { ThemeChoice } from "@/components/theme-choice";
import { toast } from "@/components/toast";
import { currentLocale, LOCALES } from "@/lib/i18n";
import { useMe } from "@/lib/session";

import { usePatchMe } from "../api";
import { useCommonWords } from "../faults";
import { useLanguage } from "../language";
import { EmailState } from "./email-state";

/** Who you are, and how Scanly looks and speaks to you. */
export function ProfileCard() {
  const { t } = useLingui();
  const { user } = useMe();
  const [name, setName] = useState(user.name);
  const patch = usePatchMe();
  const words = useCommonWords();
  const choose = useLanguage();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    patch.mutate(
      { name: name.trim() },
      {
        onSuccess: () => toast({ text: t`Saved` }),
        onError: (error) => toast({ text: words(error), fault: true }),
      },
    );
  };
  return (
    <section className="card stack" aria-labelledby="you">
      <h2 id="you">
        <Trans>You</Trans>
      </h2>
      <form className="inline" onSubmit={submit}>
        <TextInput
          label={t`Your name`}
          autoComplete="name"
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={name.trim() === user.name}>
          {t`Save`}
        </Button>
      </form>
      <EmailState />
      <div className="field">
        <span className="label">
          <Trans>Language</Trans>
        </span>
        <Seg
          label={t`Language`}
          value={currentLocale()}
          onChange={choose}
          options={LOCALES.map(({ value, name: own }) => ({ value, label: own }))}
        />
      </div>
      <div className="field">
        <span className="label">
          <Trans>Colours of this app</Trans>
        </span>
        <ThemeChoice />
      </div>
    </section>
  );
}
