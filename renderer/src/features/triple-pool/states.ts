import type { PoolCounts } from '#shared/contract/index.ts';

/** The states in their order, each with its colour and the page on which triples in it are settled; `null` for none. */
export const STATES = [
  { name: 'available', count: 'available', color: 'var(--work)', settledAt: null },
  { name: 'claimed', count: 'claimed', color: 'var(--work-track)', settledAt: null },
  { name: 'burning', count: 'burning', color: 'var(--timeout-dot)', settledAt: null },
  {
    name: 'burned',
    count: 'burned',
    color: 'color-mix(in srgb, var(--good-mark) 45%, var(--well))',
    settledAt: 'sync',
  },
  { name: 'registered', count: 'registered', color: 'var(--good-mark)', settledAt: null },
  { name: 'in-doubt', count: 'inDoubt', color: 'var(--stopped)', settledAt: 'returns' },
  { name: 'quarantined', count: 'quarantined', color: 'var(--bad-mark)', settledAt: 'returns' },
  { name: 'retired', count: 'retired', color: 'var(--ink-3)', settledAt: null },
  { name: 'returned', count: 'returned', color: 'var(--line)', settledAt: null },
] as const satisfies readonly {
  name: string;
  count: keyof PoolCounts;
  color: string;
  settledAt: 'sync' | 'returns' | null;
}[];

export type StateName = (typeof STATES)[number]['name'];

export function isState(name: string): name is StateName {
  return STATES.some((state) => state.name === name);
}

export const stateKey = <N extends StateName>(name: N): `identity.${N}` => `identity.${name}`;
