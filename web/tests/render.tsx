import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";

import { createAppRouter } from "@/routes/router";
import { theme } from "@/theme/theme";

function Providers({ client, children }: { client: QueryClient; children: ReactNode }) {
  return (
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} env="test">
        <QueryClientProvider client={client}>{children}</QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  );
}

const newClient = () => new QueryClient({ defaultOptions: { queries: { retry: false } } });

/** Renders a part by itself. */
export function renderPart(part: ReactNode) {
  return render(<Providers client={newClient()}>{part}</Providers>);
}

/** Renders the application at an address. */
export function renderApp(address: string) {
  const client = newClient();
  const router = createAppRouter(client, createMemoryHistory({ initialEntries: [address] }));
  render(
    <Providers client={client}>
      <RouterProvider router={router} />
    </Providers>,
  );
  return router;
}
