import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api, body } from "@/lib/api/client";

/** What is asked for: people's scans of one code or of all, from one instant up to another. */
export type Question = { code?: string; from: Date; to: Date; timeZone: string };

export type Dimension = "country" | "city" | "device" | "os" | "browser" | "language" | "qr_code";

function query({ code, from, to, timeZone }: Question) {
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    time_zone: timeZone,
    source: ["scan" as const],
    ...(code ? { qr_code_id: [code] } : {}),
  };
}

const key = (what: string, question: Question) =>
  [
    "analytics",
    what,
    question.code ?? "all",
    question.from.getTime(),
    question.to.getTime(),
    question.timeZone,
  ] as const;

/** Whether a question reaches beyond now. What is asked about days that are over gets no new scans. */
export function mayGrow({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  const [, , , , to] = queryKey as ReturnType<typeof key>;
  return to > Date.now();
}

export const summaryQuery = (question: Question) =>
  queryOptions({
    queryKey: key("summary", question),
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/analytics/summary", { signal, params: { query: query(question) } })),
  });

export const seriesQuery = (question: Question, interval: "hour" | "day") =>
  queryOptions({
    queryKey: [...key("series", question), interval],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/analytics/series", { signal, params: { query: { ...query(question), interval } } }),
      ),
  });

export const breakdownQuery = (question: Question, dimension: Dimension, limit = 6) =>
  queryOptions({
    queryKey: [...key("breakdown", question), dimension, limit],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/analytics/breakdown", {
          signal,
          params: { query: { ...query(question), dimension, limit } },
        }),
      ),
  });
