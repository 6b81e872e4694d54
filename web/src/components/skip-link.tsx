import { Trans } from "@lingui/react/macro";

/** The first thing Tab reaches: past the navigation. */
export function SkipLink() {
  return (
    <a className="skip" href="#main">
      <Trans>Skip to content</Trans>
    </a>
  );
}
