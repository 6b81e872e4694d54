import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, it } from "vitest";

import { zones } from "../eslint.zones.js";

async function faults(filePath: string, text: string): Promise<string[]> {
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: [{ files: ["**/*.ts"], languageOptions: { parser: tseslint.parser } }, zones],
  });
  const [result] = await eslint.lintText(text, { filePath });
  return (result?.messages ?? []).map(({ message }) => message);
}

describe("zones", () => {
  it("let a feature import itself and what is shared", async () => {
    const text = 'import "@/features/qr/api"; import "@/components/toast"; import "@/lib/format";';
    expect(await faults("src/features/qr/new.ts", text)).toEqual([]);
  });

  it.each([
    ["src/features/qr/new.ts", "@/features/auth/api"],
    ["src/features/qr/new.ts", "@/routes/router"],
    ["src/components/new.ts", "@/features/qr/api"],
    ["src/lib/new.ts", "@/components/toast"],
  ])("do not let %s import %s", async (file, target) => {
    expect(await faults(file, `import "${target}";`)).toHaveLength(1);
  });
});
