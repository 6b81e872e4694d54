import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";

import { createAppRouter } from "./routes/router";
import { insideOnly } from "./lib/inside";
import { createQueryClient } from "./lib/query";
import { cssVariables, theme } from "./theme/theme";

const schemes = localStorageColorSchemeManager({ key: "scanly.theme" });

/** The whole application: theme, language, server state, pages. */
export function App() {
  const [{ client, router }] = useState(() => {
    const client = createQueryClient(() => {
      const next = insideOnly(router.state.location.href);
      if (next) void router.navigate({ to: "/", search: { sign: "again", next }, replace: true });
    });
    const router = createAppRouter(client);
    return { client, router };
  });
  return (
    <I18nProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={schemes}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  );
}
