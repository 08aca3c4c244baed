import { readFileSync } from "node:fs";
import process from "node:process";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** `deno task dev`: the pages as they are being written, at the addresses that they have on the server behind. */
const SERVER = process.env.PASSLINE_URL ?? "http://127.0.0.1:8000";
const ADDRESSES: [RegExp, string][] = [
  [/^\/menu(?=\?|$)/, "/ui/menu.html"],
  [/^\/order-tracking\/[^/?]+/, "/ui/tracking.html"],
  [/^\/kitchen(?=\?|$)/, "/ui/kitchen.html"],
  [/^\/dashboard(?=\?|$)/, "/ui/dashboard.html"],
];

function addresses(): Plugin {
  return {
    name: "addresses",
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const found = ADDRESSES.find(([address]) => address.test(request.url ?? ""));
        if (found) request.url = request.url!.replace(...found);
        next();
      });
    },
  };
}

const FONTS = ["atkinson-hyperlegible-next", "bricolage-grotesque"];

/** The fonts' licence travels with them. */
function fontLicences(): Plugin {
  const licence = (font: string) => readFileSync(`node_modules/@fontsource-variable/${font}/LICENSE`, "utf8");
  return {
    name: "font-licences",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "licences-of-fonts.txt", source: FONTS.map(licence).join("\n\n") });
    },
  };
}

// Four pages and the service worker. The worker's name has no digest: browsers know it by its address, /sw.js.
export default defineConfig({
  base: "/ui/",
  plugins: [addresses(), fontLicences()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: { host: "127.0.0.1", proxy: { "^/(v1|problems|openapi.json)": SERVER } },
  build: {
    outDir: "../static",
    emptyOutDir: true,
    target: "es2022",
    // The pages' policy allows nothing inline, so nothing may be turned into data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Whose work is in it, and under which licence: what we ship has to say so.
    license: { fileName: "licences.txt" },
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
