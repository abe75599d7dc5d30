import { defineConfig } from "vitest/config";

// With HUB_URL before a real hub serve (tests/system/84_hostile.sh, 88_console.sh, 89_wall.sh), else before the stand-in.
const isReal = process.env["HUB_URL"] !== undefined;

export default defineConfig({
  test: { include: isReal ? ["real/*.test.ts", "hostile/*.test.ts", "wall/*.test.ts"] : ["unit/*.test.ts", "browser/*.test.ts"], fileParallelism: false, testTimeout: 120_000, hookTimeout: 60_000, expect: { poll: { timeout: 30_000 } } },
});
