import { Link } from "@tanstack/react-router";

export function LogoMark() {
  return (
    <svg viewBox="0 0 30 30" width="30" height="30" aria-hidden="true">
      <path
        d="M9.5 1.5h11a8 8 0 0 1 8 8v11a8 8 0 0 1-8 8h-11a8 8 0 0 1-8-8v-11a8 8 0 0 1 8-8z"
        fill="var(--c-brand)"
      />
      <path
        d="M8 17.2a7.2 7.2 0 0 0 14 0"
        fill="none"
        stroke="var(--c-on-brand)"
        strokeWidth="2.8"
        strokeLinecap="round"
      />
      <rect x="8" y="8.4" width="4.6" height="4.6" rx="1.5" fill="var(--c-on-brand)" />
      <rect x="17.4" y="8.4" width="4.6" height="4.6" rx="1.5" fill="var(--c-accent)" />
    </svg>
  );
}

export function Logo({ to, compact }: { to: "/" | "/app"; compact?: boolean }) {
  return (
    <Link className="logo" to={to} aria-label={compact ? "Scanly" : undefined}>
      <LogoMark /> {compact ? null : "Scanly"}
    </Link>
  );
}
