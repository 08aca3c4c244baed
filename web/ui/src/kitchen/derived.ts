/** Values that follow signals and props. */

import { computed, type ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";

/**
 * A signal of what *compute* gives, made anew when one of *props* is another.
 *
 * useComputed would go on with what it computed for the props before, until a signal changes.
 */
export function useDerived<T>(compute: () => T, props: readonly unknown[]): ReadonlySignal<T> {
  return useMemo(() => computed(compute), props);
}
