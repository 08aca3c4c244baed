/** Orders by id and version: whatever arrives late, twice or out of order does no harm. */

export interface Versioned {
  id: string;
  version: number;
}

/** How many of those that left are remembered. */
const MOST_GONE = 1000;

export class Orders<T extends Versioned> {
  readonly #orders = new Map<string, T>();
  /** The versions of those that left: an old event does not bring them back. */
  readonly #gone = new Map<string, number>();

  /** Take *order* over if it is newer than what is here; whether it was. */
  merge(order: T): boolean {
    const known = this.#orders.get(order.id)?.version ?? this.#gone.get(order.id);
    if (known !== undefined && order.version <= known) return false;
    this.#gone.delete(order.id);
    this.#orders.set(order.id, order);
    return true;
  }

  /** All that there is from now on; of each order the newer of the two. The orders that are here then. */
  reset(orders: Iterable<T>): T[] {
    const before = new Map(this.#orders);
    this.#orders.clear();
    for (const order of orders) {
      const known = before.get(order.id);
      this.#orders.set(order.id, known && known.version > order.version ? known : order);
      this.#gone.delete(order.id);
    }
    return this.all();
  }

  /** The order leaves; only a newer version of it comes back. */
  drop(id: string): void {
    const order = this.#orders.get(id);
    if (!order) return;
    this.#orders.delete(id);
    this.#gone.set(id, order.version);
    const [oldest] = this.#gone.keys();
    if (this.#gone.size > MOST_GONE && oldest) this.#gone.delete(oldest);
  }

  get(id: string): T | undefined {
    return this.#orders.get(id);
  }

  all(): T[] {
    return [...this.#orders.values()];
  }

  get size(): number {
    return this.#orders.size;
  }
}
