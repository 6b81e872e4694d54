/**
 * The part of an address that lies in the application, or nothing. Every address that came from outside passes here
 * before anybody is sent there, so that a link cannot lead out through the sign-in.
 */
export function insideOnly(address: unknown): string | undefined {
  if (typeof address !== "string" || !URL.canParse(address, location.origin)) return undefined;
  const { origin, pathname, search, hash } = new URL(address, location.origin);
  const inside = origin === location.origin && /^\/app(\/|$)/.test(pathname);
  return inside ? pathname + search + hash : undefined;
}
