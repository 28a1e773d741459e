import type { BatchView } from '#shared/contract/index.ts';

/** A batch as the station was told to create it. */
export interface BatchOrder {
  /** Ids of the batches before. */
  readonly known: ReadonlySet<string>;
  /** The hash of the recipe; empty: the page does not know it. */
  readonly hash: string;
  readonly quantity: number;
  /** Empty: the station makes a name up. */
  readonly name: string;
}

/** The batch that was created by an order whose reply was lost; `null` when there is none. */
export function batchOf(order: BatchOrder, batches: readonly BatchView[]): BatchView | null {
  const isOrdered = ({ batchId, recipe, quantity, name }: BatchView): boolean =>
    !order.known.has(batchId) &&
    (order.hash === '' || recipe.hash === order.hash) &&
    quantity === order.quantity &&
    (order.name === '' || name === order.name);
  return batches.find(isOrdered) ?? null;
}
