/** The service worker that keeps the page itself for a reload without a network. */

/** Does nothing where browsers have no service workers: over plain HTTP from another machine, and in development. */
export function keepShell(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js").catch(() => undefined));
}
