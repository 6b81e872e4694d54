import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import { IconChevronDown, IconCloudOff, IconRefresh, IconWifiOff } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { ApiProblem, NetworkProblem } from "@/lib/api/problem";

import { Icon } from "./icon";

/** Grey bars in the shape of what comes. The style shows them after 300 ms, so that what is quick never flickers. */
export function Skeleton({ rows = 4, picture = true }: { rows?: number; picture?: boolean }) {
  const { t } = useLingui();
  return (
    <div className="stack late" role="status" aria-label={t`Loading`}>
      {Array.from({ length: rows }, (_, row) => (
        <div className="row" key={row}>
          {picture ? <div className="skeleton" style={{ width: 56, height: 56, borderRadius: 12 }} /> : null}
          <div className="stack grow" style={{ "--gap": "8px" }}>
            <div className="skeleton" style={{ width: `${62 - row * 6}%` }} />
            <div className="skeleton" style={{ width: `${40 - row * 4}%` }} />
          </div>
        </div>
      ))}
    </div>
  );
}

type EmptyProps = {
  picture?: ReactNode;
  title: string;
  /** `h1` where nothing else is on the page. */
  heading?: "h1" | "h2" | undefined;
  children?: ReactNode;
  actions?: ReactNode;
};

export function Empty({ picture, title, heading: Heading = "h2", children, actions }: EmptyProps) {
  return (
    <div className="empty">
      {picture}
      <Heading>{title}</Heading>
      {children ? <div className="muted">{children}</div> : null}
      {actions}
    </div>
  );
}

type FailureProps = Pick<EmptyProps, "title" | "heading"> & {
  error: unknown;
  stillWorks: string;
  onRetry: () => void;
};

/** A part that could not be shown: first what still works, then what to do; the code for support is folded away. */
export function Failure({ error, title, heading, stillWorks, onRetry }: FailureProps) {
  const { t } = useLingui();
  if (error instanceof NetworkProblem) return <Offline heading={heading} onRetry={onRetry} />;
  return (
    <Empty
      picture={
        <span className="badge badge-bad">
          <Icon of={IconCloudOff} /> {t`Not reachable`}
        </span>
      }
      title={title}
      heading={heading}
      actions={
        <>
          <Button variant="default" leftSection={<Icon of={IconRefresh} />} onClick={onRetry}>
            {t`Try now`}
          </Button>
          <ForSupport error={error} />
        </>
      }
    >
      <p>{stillWorks}</p>
    </Empty>
  );
}

function ForSupport({ error }: { error: unknown }) {
  if (!(error instanceof ApiProblem)) return null;
  return (
    <details className="more small">
      <summary>
        <Trans>For support</Trans>
        <span className="chev">
          <Icon of={IconChevronDown} />
        </span>
      </summary>
      <p className="muted">{error.message}</p>
      <p className="quiet num">
        {error.status} {error.code} {error.requestId}
      </p>
    </details>
  );
}

function Offline({ heading, onRetry }: Pick<FailureProps, "heading" | "onRetry">) {
  const { t } = useLingui();
  return (
    <Empty
      picture={
        <span className="badge badge-warn">
          <Icon of={IconWifiOff} /> {t`No network`}
        </span>
      }
      title={t`You are offline. Your codes are not.`}
      heading={heading}
      actions={
        <Button variant="default" leftSection={<Icon of={IconRefresh} />} onClick={onRetry}>
          {t`Try again`}
        </Button>
      }
    >
      <p>{t`They go on working for your customers. What you see here may be a little old.`}</p>
    </Empty>
  );
}

/** A line above every page while the device has no network. */
export function OfflineLine() {
  const { online } = useNetwork();
  if (online) return null;
  return (
    <p className="tip tip-warn offline" role="status">
      <Icon of={IconWifiOff} />
      <Trans>No network. Your codes go on working; what you see here may be a little old.</Trans>
    </p>
  );
}
