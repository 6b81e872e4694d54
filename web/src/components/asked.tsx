import type { ReactNode } from "react";

import { Failure } from "./states";

type Props<Data> = {
  query: { data: Data | undefined; isError: boolean; error: unknown; refetch: () => unknown };
  /** What is said when it could not be fetched. */
  title: string;
  stillWorks: string;
  /** The shape of what comes. */
  waiting: ReactNode;
  /** The class of the frame around both of these. */
  frame?: string;
  children: (data: Data) => ReactNode;
};

/** What the server was asked for. What is known stays on screen, also when it cannot be fetched anew. */
export function Asked<Data>({ query, title, stillWorks, waiting, frame, children }: Props<Data>) {
  if (query.data !== undefined) return children(query.data);
  const instead = query.isError ? (
    <Failure error={query.error} title={title} stillWorks={stillWorks} onRetry={() => void query.refetch()} />
  ) : (
    waiting
  );
  return frame ? <div className={frame}>{instead}</div> : instead;
}
