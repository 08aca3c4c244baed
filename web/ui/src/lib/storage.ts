/** What a device remembers. Where it may not (private windows, full disks), it forgets at the end of the page. */

const DATABASE = "passline";
const STORES = ["cache", "outbox"] as const;
export type Store = (typeof STORES)[number];

const memory = new Map<string, unknown>();
let opening: Promise<IDBDatabase | null> | null = null;

/** A setting of this device. Never for keys or anything that somebody else at the device should not see. */
export function recall<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(name);
    if (text !== null) return JSON.parse(text) as T;
  } catch {
    // Refused, or written by somebody else: as if it were not there.
  }
  return (memory.get(`setting:${name}`) as T | undefined) ?? otherwise;
}

export function remember<T>(name: string, value: T): void {
  memory.set(`setting:${name}`, value);
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Kept until the page is closed.
  }
}

export async function get<T>(store: Store, key: string): Promise<T | undefined> {
  return (await withStore(store, "readonly", (there) => there.get(key) as IDBRequest<T | undefined>)) ??
    (memory.get(`${store}:${key}`) as T | undefined);
}

/** The values of *store* in the order of their keys. */
export async function all<T>(store: Store): Promise<T[]> {
  const kept = await withStore(store, "readonly", (there) => there.getAll() as IDBRequest<T[]>);
  if (kept) return kept;
  const names = [...memory.keys()].filter((name) => name.startsWith(`${store}:`)).sort();
  return names.map((name) => memory.get(name) as T);
}

export async function put(store: Store, key: string, value: unknown): Promise<void> {
  if ((await withStore(store, "readwrite", (there) => there.put(value, key))) === undefined) {
    memory.set(`${store}:${key}`, value);
  }
}

export async function remove(store: Store, key: string): Promise<void> {
  memory.delete(`${store}:${key}`);
  await withStore(store, "readwrite", (there) => there.delete(key));
}

async function withStore<T>(
  name: Store,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  const database = await open();
  if (!database) return undefined;
  try {
    return await finished(ask(database.transaction(name, mode).objectStore(name)));
  } catch {
    return undefined;
  }
}

function open(): Promise<IDBDatabase | null> {
  opening ??= new Promise((resolve) => {
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => STORES.forEach((store) => request.result.createObjectStore(store));
      request.onsuccess = () => resolve(request.result);
      request.onerror = request.onblocked = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
  return opening;
}

function finished<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
