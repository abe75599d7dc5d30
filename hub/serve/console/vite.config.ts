import { defineConfig } from "vite";

// Everything from our own origin and nothing inline, so that the page's Content-Security-Policy can say so.
export default defineConfig({
  base: "/",
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
