import { Trans, useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { IconApps, IconSearch } from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "@/components/icon";
import { Sheet } from "@/components/sheet";
import type { ContentType } from "@/lib/api/types";
import { currentLocale } from "@/lib/i18n";

import { inLocale } from "../schema";
import { commonTypes, findTypes, groupOf, GROUPS, iconOf } from "./types";

type Props = { types: ContentType[]; value: string; onChange: (type: string) => void };

/** What should open: the usual types as tiles, all of them behind one button. */
export function TypeTiles({ types, value, onChange }: Props) {
  const { t } = useLingui();
  const [all, setAll] = useState(false);
  const common = commonTypes(types, value);
  const count = types.length;
  return (
    <>
      <fieldset>
        <legend className="label muted">{t`What should open?`}</legend>
        <div className="kinds compact">
          {common.map((type) => (
            <TypeTile key={type.type} type={type} checked={type.type === value} onChange={onChange} />
          ))}
        </div>
        {count > common.length ? (
          <button
            className="link all-kinds"
            type="button"
            aria-haspopup="dialog"
            onClick={() => setAll(true)}
          >
            <Icon of={IconApps} />
            <Trans>All {count} kinds</Trans>
          </button>
        ) : null}
      </fieldset>
      <AllTypesSheet
        opened={all}
        types={types}
        value={value}
        onClose={() => setAll(false)}
        onChange={onChange}
      />
    </>
  );
}

type SheetProps = Props & { opened: boolean; onClose: () => void };

/** All types in their groups, to be searched; one is chosen. */
export function AllTypesSheet({ opened, onClose, onChange, ...props }: SheetProps) {
  const { t } = useLingui();
  return (
    <Sheet opened={opened} onClose={onClose} title={t`What should open?`} width={720}>
      {opened ? (
        <AllTypes
          {...props}
          onChange={(type) => {
            onChange(type);
            onClose();
          }}
        />
      ) : null}
    </Sheet>
  );
}

function AllTypes({ types, value, onChange }: Props) {
  const { t } = useLingui();
  const [question, setQuestion] = useState("");
  const found = findTypes(types, question);
  const count = found.length;
  return (
    <div className="stack">
      <TextInput
        type="search"
        aria-label={t`Search`}
        placeholder={t`Pay, Wi-Fi, menu …`}
        leftSection={<Icon of={IconSearch} />}
        value={question}
        onChange={(event) => setQuestion(event.currentTarget.value)}
        data-autofocus
      />
      <p className="sr" role="status">
        {question ? t`${count} found` : ""}
      </p>
      {found.length === 0 ? (
        <p className="muted">
          <Trans>Nothing with this word. A website link or a text can hold almost everything.</Trans>
        </p>
      ) : null}
      {GROUPS.map(([group, name]) => {
        const members = found.filter(({ type }) => groupOf(type) === group);
        return members.length > 0 ? (
          <section key={group} aria-label={t(name)} className="kind-group">
            <h3>{t(name)}</h3>
            <div className="kinds">
              {members.map((type) => (
                <button
                  className="kind"
                  type="button"
                  key={type.type}
                  aria-current={type.type === value ? "true" : undefined}
                  onClick={() => onChange(type.type)}
                >
                  <TypeWords type={type} hint />
                </button>
              ))}
            </div>
          </section>
        ) : null;
      })}
    </div>
  );
}

type TileProps = { type: ContentType; checked: boolean; onChange: (type: string) => void };

function TypeTile({ type, checked, onChange }: TileProps) {
  return (
    <label className="kind">
      <input
        type="radio"
        name="kind"
        value={type.type}
        checked={checked}
        onChange={() => onChange(type.type)}
      />
      <TypeWords type={type} />
    </label>
  );
}

function TypeWords({ type, hint = false }: { type: ContentType; hint?: boolean }) {
  const locale = currentLocale();
  const [first] = inLocale(type.help, locale).split(/(?<=[.।])\s/);
  return (
    <>
      <span className="ico">
        <Icon of={iconOf(type.type)} />
      </span>
      <span>
        {inLocale(type.title, locale)}
        {hint ? <small>{first}</small> : null}
      </span>
    </>
  );
}
