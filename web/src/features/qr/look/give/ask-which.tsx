import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Seg } from "@/components/seg";
import { toast } from "@/components/toast";
import type { Code } from "@/lib/api/types";
import { formatNumber } from "@/lib/format";

import { allCodes } from "../../api";
import { foldersQuery, tagsQuery } from "../../list-api";
import { ChooseCodes } from "./choose-codes";
import { GoingBar } from "./told";

type By = "codes" | "folder" | "tag";
type Props = {
  except: string | undefined;
  /** Whether the look has a frame, which may say something that does not suit every code. */
  framed: boolean;
  going: { of: number; done: number } | null;
  onNext: (codes: Code[], withFrame: boolean) => void;
};

/** Which codes: some by name, or all of a folder or with a tag. */
export function AskWhich({ except, framed, going, onNext }: Props) {
  const { t } = useLingui();
  const { data: folders = [] } = useQuery(foldersQuery);
  const { data: tags = [] } = useQuery(tagsQuery);
  const [by, setBy] = useState<By>("codes");
  const [chosen, setChosen] = useState<ReadonlyMap<string, Code>>(new Map());
  const [folder, setFolder] = useState("");
  const [tag, setTag] = useState("");
  const [withFrame, setWithFrame] = useState(true);
  const [asking, setAsking] = useState(false);
  const ways: { value: By; label: string }[] = [
    { value: "codes", label: t`Some codes` },
    ...(folders.length > 0 ? [{ value: "folder" as const, label: t`A folder` }] : []),
    ...(tags.length > 0 ? [{ value: "tag" as const, label: t`A tag` }] : []),
  ];
  const group = by === "folder" ? folder || folders[0]?.id : tag || tags[0]?.tag;
  const named = (name: string, codes: number) => `${name} (${formatNumber(codes)})`;
  const next = async () => {
    if (by === "codes") {
      onNext([...chosen.values()], withFrame);
      return;
    }
    setAsking(true);
    try {
      const found = await allCodes(by === "folder" ? { folder: group ?? "" } : { tag: [group ?? ""] });
      onNext(
        found.filter(({ id }) => id !== except),
        withFrame,
      );
    } catch {
      toast({ text: t`That did not work. Nothing was changed.`, fault: true });
    } finally {
      setAsking(false);
    }
  };
  const count = chosen.size;
  return (
    <div className="stack">
      {ways.length > 1 ? <Seg label={t`For which codes`} value={by} options={ways} onChange={setBy} /> : null}
      {by === "codes" ? <ChooseCodes except={except} chosen={chosen} onChosen={setChosen} /> : null}
      {by === "folder" ? (
        <NativeSelect
          label={t`Folder`}
          value={group}
          onChange={(event) => setFolder(event.currentTarget.value)}
          data={folders.map(({ id, name, codes }) => ({ value: id, label: named(name, codes) }))}
        />
      ) : null}
      {by === "tag" ? (
        <NativeSelect
          label={t`Tag`}
          value={group}
          onChange={(event) => setTag(event.currentTarget.value)}
          data={tags.map(({ tag: name, codes }) => ({ value: name, label: named(name, codes) }))}
        />
      ) : null}
      {framed ? (
        <Switch
          label={t`Frame and its words, too`}
          checked={withFrame}
          onChange={(event) => setWithFrame(event.currentTarget.checked)}
        />
      ) : null}
      {going ? <GoingBar going={going} label={t`Codes looked at`} /> : null}
      <Button
        className="at-foot"
        disabled={by === "codes" && count === 0}
        loading={asking || going !== null}
        onClick={() => void next()}
      >
        {by === "codes" && count > 0 ? (
          plural(count, { one: "See what becomes of # code", other: "See what becomes of # codes" })
        ) : (
          <Trans>See what becomes of them</Trans>
        )}
      </Button>
    </div>
  );
}
