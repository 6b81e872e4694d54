import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Workspace = Schemas["MyWorkspace"];
export type SessionView = Schemas["Session"];
export type Code = Schemas["CodeBody"];
export type CodeStatus = Schemas["CodeStatus"];
export type CodeKind = Schemas["CodeKind"];
export type CodePatch = Schemas["CodePatch"];
export type Design = Schemas["Design-Input"];
export type DesignOptions = Schemas["DesignOptions"];
export type SavedDesign = Schemas["SavedDesignBody"];
export type BrandKit = Schemas["BrandKitBody"];
export type Check = Schemas["CheckBody"];
export type Scannability = Schemas["Scannability"];
export type StoredFile = Schemas["FileBody"];
export type ContentType = Schemas["ContentTypeBody"];
export type Summary = Schemas["Summary"];
export type Series = Schemas["Series"];
export type Breakdown = Schemas["Breakdown"];

/** What a form holds: its fields come from the JSON Schema of the content type, so they are not known here. */
export type Content = { type: string; [field: string]: unknown };

/** The content of requests. The server checks it and answers with a fault at each field. */
export type SentContent = Schemas["CodeCreate"]["content"];
