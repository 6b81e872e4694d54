/** A code on a stand, for places that wait for the first one. */
export function FirstCodePicture() {
  return (
    <svg viewBox="0 0 120 104" width="120" height="104" aria-hidden="true">
      <rect x="0" y="97" width="120" height="4" rx="2" fill="var(--c-line)" />
      <path d="M52 76h16l5 22H47z" fill="var(--c-control)" />
      <rect x="20" y="0" width="80" height="78" rx="18" fill="var(--c-brand-soft)" />
      <g fill="none" stroke="var(--c-brand)" strokeWidth="5">
        <rect x="33" y="13" width="20" height="20" rx="6" />
        <rect x="65" y="13" width="20" height="20" rx="6" />
        <rect x="33" y="44" width="20" height="20" rx="6" />
      </g>
      <rect x="66" y="46" width="9" height="9" rx="2.5" fill="var(--c-accent)" />
      <rect x="78" y="58" width="9" height="9" rx="2.5" fill="var(--c-accent)" />
    </svg>
  );
}
