/** Keeps the pages themselves, so that a reload without a network still draws one. It never keeps what the API answers. */

const worker = self as unknown as ServiceWorkerGlobalScope;
const SHELL = "shell-1";
const PAGES = ["/menu", "/order-tracking", "/kitchen", "/dashboard"];
/** Two builds of everything; the oldest go first. */
const MOST = 80;

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  const page = PAGES.find((page) => pathname === page || pathname.startsWith(`${page}/`));
  if (request.mode === "navigate" && page) event.respondWith(networkFirst(request, page));
  else if (pathname.startsWith("/ui/assets/")) event.respondWith(cacheFirst(request));
  else if (pathname.startsWith("/ui/")) event.respondWith(networkFirst(request, pathname));
});

// On phones it is the worker that shows a page's notifications, and whoever touches one means that page.
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(bringUp(String(event.notification.data ?? "/")));
});

async function bringUp(path: string): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window" });
  const there = pages.find((page) => new URL(page.url).pathname === path);
  await (there ? there.focus() : worker.clients.openWindow(path));
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** Pages are the same for every order and every query, so each is kept once, under *key*. */
async function networkFirst(request: Request, key: string): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await keep(key, answer.clone());
    return answer;
  } catch (unreachable) {
    const kept = await caches.match(key);
    if (kept) return kept;
    throw unreachable;
  }
}

/** Assets are named for their content and never change. */
async function cacheFirst(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await keep(request, answer.clone());
  return answer;
}

async function keep(key: RequestInfo, answer: Response): Promise<void> {
  const shell = await caches.open(SHELL);
  await shell.delete(key);
  await shell.put(key, answer);
  const keys = await shell.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST)).map((old) => shell.delete(old)));
}
