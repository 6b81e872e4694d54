/** What this device remembers. Storage may be switched off; then nothing is remembered and all else works. */
type Key = "signed-in" | "workspace" | "locale" | "steps-put-away";

export function remembered(key: Key): string | null {
  try {
    return localStorage.getItem(`scanly.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: Key, value: string | null) {
  try {
    if (value === null) localStorage.removeItem(`scanly.${key}`);
    else localStorage.setItem(`scanly.${key}`, value);
  } catch {
    // Nothing to do: the choice lasts until the page is left.
  }
}
