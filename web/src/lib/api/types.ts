import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Workspace = Me["workspaces"][number];
export type SessionView = Schemas["Session"];
export type Code = Schemas["Code"];
export type CodeStatus = Code["status"];
export type CodeCreate = Schemas["CodeCreate"];
export type CodePatch = Schemas["CodePatch"];
export type Content = Schemas["Content"];
export type Design = Schemas["Design"];
export type Check = Schemas["CheckBody"];
export type Scannability = Schemas["Scannability"];
export type ContentType = Schemas["ContentTypeBody"];
export type DesignOptions = Schemas["DesignOptions"];
export type Summary = Schemas["Summary"];
export type Series = Schemas["Series"];
export type Breakdown = Schemas["Breakdown"];
