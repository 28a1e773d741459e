import type { PoolCounts } from '#shared/contract/index.ts';

/** In the order of a triple's life; each with its colour, and the place where what is stuck in it is settled. */
export const STATES = [
  { name: 'available', count: 'available', color: 'var(--work)', place: null },
  { name: 'claimed', count: 'claimed', color: 'var(--work-track)', place: null },
  { name: 'burning', count: 'burning', color: 'var(--timeout-dot)', place: null },
  {
    name: 'burned',
    count: 'burned',
    color: 'color-mix(in srgb, var(--good-mark) 45%, var(--well))',
    place: 'sync',
  },
  { name: 'registered', count: 'registered', color: 'var(--good-mark)', place: null },
  { name: 'in-doubt', count: 'inDoubt', color: 'var(--stopped)', place: 'returns' },
  { name: 'quarantined', count: 'quarantined', color: 'var(--bad-mark)', place: 'returns' },
  { name: 'retired', count: 'retired', color: 'var(--ink-3)', place: null },
  { name: 'returned', count: 'returned', color: 'var(--line)', place: null },
] as const satisfies readonly {
  name: string;
  count: keyof PoolCounts;
  color: string;
  place: 'sync' | 'returns' | null;
}[];

export type StateName = (typeof STATES)[number]['name'];

export function isState(name: string): name is StateName {
  return STATES.some((state) => state.name === name);
}

export const stateKey = <N extends StateName>(name: N): `identity.${N}` => `identity.${name}`;
