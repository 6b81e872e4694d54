import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconChevronDown, IconPencil, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { ShowMore } from "@/components/show-more";
import { Empty, Skeleton } from "@/components/states";
import { toast } from "@/components/toast";
import { formatAgo } from "@/lib/format";

import { type Letter, lettersQuery, useReplay, useReplayOpen } from "./api";
import { DiscardSheet } from "./discard-sheet";
import { EditSheet } from "./edit-sheet";
import { useFaultWords } from "./faults";

/** Messages that always failed, and what can be done about them. */
export function Letters({ open }: { open: number | null }) {
  const { t } = useLingui();
  const letters = useInfiniteQuery(lettersQuery);
  const replayOpen = useReplayOpen();
  const words = useFaultWords();
  const replayAll = () =>
    replayOpen.mutate(undefined, {
      onSuccess: ({ remaining }) =>
        toast({ text: remaining > 0 ? t`Put back. ${remaining} are left.` : t`All letters are put back` }),
      onError: (error) => toast({ text: words(error), fault: true }),
    });
  return (
    <section className="card card-flush" id="letters" aria-labelledby="letters-title">
      <div className="card-head padded">
        <h2 id="letters-title">
          <Trans>Dead letters</Trans>
        </h2>
        {open && open > 1 ? (
          <Button
            variant="default"
            size="sm"
            leftSection={<Icon of={IconRefresh} />}
            loading={replayOpen.isPending}
            onClick={replayAll}
          >
            {t`Replay all ${open}`}
          </Button>
        ) : null}
      </div>
      <Asked
        query={letters}
        title={t`We cannot show the letters right now`}
        stillWorks={t`They are kept, and everything else goes on.`}
        waiting={<Skeleton rows={2} picture={false} />}
        frame="padded"
      >
        {({ pages }) => {
          const all = pages.flatMap(({ data }) => data);
          if (all.length === 0) {
            return (
              <Empty title={t`No dead letters`}>
                <Trans>What fails for good would wait here, whole, until you decide about it.</Trans>
              </Empty>
            );
          }
          return (
            <ul className="list letters">
              {all.map((letter) => (
                <LetterRow key={letter.id} letter={letter} />
              ))}
            </ul>
          );
        }}
      </Asked>
      {letters.hasNextPage ? (
        <div className="padded">
          <ShowMore list={letters} />
        </div>
      ) : null}
    </section>
  );
}

function LetterRow({ letter }: { letter: Letter }) {
  const { t } = useLingui();
  const [sheet, setSheet] = useState<"edit" | "discard">();
  const replay = useReplay();
  const words = useFaultWords();
  const { id, topic, source, attempts, reason, payload, state, created_at: createdAt } = letter;
  const ago = formatAgo(createdAt);
  const tries = plural(attempts, { one: "# try", other: "# tries" });
  const close = () => setSheet(undefined);
  const putBack = () =>
    replay.mutate(
      { id },
      {
        onSuccess: () => toast({ text: t`${topic} is on its way back` }),
        onError: (error) => toast({ text: words(error), fault: true }),
      },
    );
  return (
    <li>
      <p className="breaks">
        <b className="mono">{topic}</b>{" "}
        <span className="muted">
          {source === "job" ? (
            <Trans>
              a job, {tries}, {ago}
            </Trans>
          ) : (
            <Trans>
              to {source}, {tries}, {ago}
            </Trans>
          )}
        </span>
      </p>
      {state === "open" ? (
        <div className="row wrap" style={{ "--gap": "4px" }}>
          <Button
            variant="default"
            size="sm"
            leftSection={<Icon of={IconRefresh} />}
            loading={replay.isPending}
            aria-label={t`Replay ${topic}`}
            onClick={putBack}
          >
            {t`Replay`}
          </Button>
          <Button
            variant="subtle"
            size="sm"
            leftSection={<Icon of={IconPencil} />}
            aria-label={t`Edit and replay ${topic}`}
            onClick={() => setSheet("edit")}
          >
            {t`Edit and replay`}
          </Button>
          <Button
            variant="subtle"
            size="sm"
            aria-label={t`Discard ${topic}`}
            onClick={() => setSheet("discard")}
          >
            {t`Discard`}
          </Button>
        </div>
      ) : (
        <span className="badge badge-brand">{t`On its way back`}</span>
      )}
      <p className="bad breaks">{reason}</p>
      <details className="more small">
        <summary>
          <Trans>Original message</Trans>
          <span className="chev">
            <Icon of={IconChevronDown} />
          </span>
        </summary>
        <pre>{JSON.stringify(payload, null, 2)}</pre>
      </details>
      <EditSheet letter={letter} opened={sheet === "edit"} onClose={close} />
      <DiscardSheet letter={letter} opened={sheet === "discard"} onClose={close} />
    </li>
  );
}
