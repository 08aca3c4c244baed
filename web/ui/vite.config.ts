import { defineConfig } from "vitest/config";

// Four pages and the service worker. The worker's name has no digest: browsers know it by its address, /sw.js.
export default defineConfig({
  base: "/ui/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../static",
    emptyOutDir: true,
    target: "es2022",
    // The pages' policy allows nothing inline, so nothing may be turned into data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      input: {
        menu: "menu.html",
        tracking: "tracking.html",
        kitchen: "kitchen.html",
        dashboard: "dashboard.html",
        sw: "src/sw.ts",
      },
      output: { entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
