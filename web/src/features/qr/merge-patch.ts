type Members = Record<string, unknown>;

/** The JSON Merge Patch (RFC 7396) that makes `before` into `after`; undefined when they say the same. */
export function mergePatch(before: Members, after: Members): Members | undefined {
  const patch: Members = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[name] ?? null;
    const now = after[name] ?? null;
    if (isMembers(old) && isMembers(now)) {
      const inner = mergePatch(old, now);
      if (inner !== undefined) patch[name] = inner;
    } else if (JSON.stringify(old) !== JSON.stringify(now)) {
      patch[name] = now;
    }
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
