/** What is chosen in the list of codes, as its address says it. */
export type CodesSearch = {
  q?: string;
  sort?: "-created_at" | "name" | "-updated_at";
  show?: "active" | "paused" | "ended" | "archived" | "deleted";
  folder?: string;
  tag?: string[];
  type?: string;
  kind?: "dynamic" | "fixed";
  view?: "grid";
};

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

/** Reads the address; what is unknown in it is left out. */
export function codesSearch(search: Record<string, unknown>): CodesSearch {
  const q = text(search["q"]);
  const sort = (["-created_at", "name", "-updated_at"] as const).find((known) => known === search["sort"]);
  const show = (["active", "paused", "ended", "archived", "deleted"] as const).find(
    (known) => known === search["show"],
  );
  const kind = (["dynamic", "fixed"] as const).find((known) => known === search["kind"]);
  const [folder, type] = [text(search["folder"]), text(search["type"])];
  const tag = Array.isArray(search["tag"]) ? search["tag"].flatMap((each) => text(each) ?? []) : [];
  return {
    ...(q ? { q } : {}),
    ...(sort ? { sort } : {}),
    ...(show ? { show } : {}),
    ...(folder ? { folder } : {}),
    ...(tag.length > 0 ? { tag } : {}),
    ...(type ? { type } : {}),
    ...(kind ? { kind } : {}),
    ...(search["view"] === "grid" ? { view: "grid" } : {}),
  };
}
