import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";

import { toast } from "@/components/toast";
import { remember } from "@/lib/memory";
import { useMe, useWorkspace } from "@/lib/session";

import { usePatchWorkspace } from "../api";
import { useCommonWords } from "../faults";

function timeZones(current: string): string[] {
  return [...new Set([current, ...Intl.supportedValuesOf("timeZone")])].sort();
}

/** The shop: its name, and the zone in which its days begin. */
export function ShopCard() {
  const { t } = useLingui();
  const { workspaces } = useMe();
  const workspace = useWorkspace();
  const [name, setName] = useState(workspace.name);
  const patch = usePatchWorkspace(workspace.id);
  const words = useCommonWords();
  const mayChange = workspace.role === "owner" || workspace.role === "admin";
  const change = (what: { name?: string; time_zone?: string }) =>
    patch.mutate(what, {
      onSuccess: () => toast({ text: t`Saved` }),
      onError: (error) => toast({ text: words(error), fault: true }),
    });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change({ name: name.trim() });
  };
  return (
    <section className="card stack" aria-labelledby="shop">
      <h2 id="shop">
        <Trans>Your shop</Trans>
      </h2>
      {workspaces.length > 1 ? (
        <NativeSelect
          label={t`Shop you are working in`}
          value={workspace.id}
          onChange={({ currentTarget: { value } }) => {
            remember("workspace", value);
            location.assign("/app");
          }}
          data={workspaces.map(({ id, name: label }) => ({ value: id, label }))}
        />
      ) : null}
      {mayChange ? (
        <>
          <form className="inline" onSubmit={submit}>
            <TextInput
              label={t`Name of the shop`}
              autoComplete="organization"
              value={name}
              maxLength={200}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button
              type="submit"
              variant="default"
              disabled={name.trim() === "" || name.trim() === workspace.name}
            >
              {t`Save`}
            </Button>
          </form>
          <NativeSelect
            label={t`Time zone`}
            description={t`Here a day of your counts begins and ends. A change counts from now on.`}
            value={workspace.time_zone}
            onChange={({ currentTarget: { value } }) => change({ time_zone: value })}
            data={timeZones(workspace.time_zone)}
          />
        </>
      ) : (
        <p>
          {workspace.name}, {workspace.time_zone}
        </p>
      )}
    </section>
  );
}
