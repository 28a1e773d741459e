import { randomUUID } from 'node:crypto';
import type { Station } from '#station';

/**
 * Defects that are put into a station from outside, to prove that the torture finds them. The product has no code for
 * them.
 */
export const MUTATIONS = ['late-intent', 'no-stable-key'] as const;
export type Mutation = (typeof MUTATIONS)[number];

/** The intent to burn becomes durable only after the bytes have left. */
export function delayIntents({ database }: Station): void {
  const move = database.triples.applyEvent;
  const late = new Map<number, Parameters<typeof move>>();
  database.triples.applyEvent = (...args) => {
    const [triple, event] = args;
    if (event === 'intend') {
      late.set(triple.tripleId, args);
      return { ...triple, state: 'burning' };
    }
    const intent = late.get(triple.tripleId);
    late.delete(triple.tripleId);
    const [, , because, unitId] = args;
    return move(intent === undefined ? triple : move(...intent), event, because, unitId);
  };
}

/** Each event gets a new key each time it is sent. */
export function dropStableKeys(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    if (init?.method !== 'POST' || typeof init.body !== 'string' || !String(input).endsWith('/v1/events')) {
      return fetch(input, init);
    }
    const { events } = JSON.parse(init.body) as { events: { key: string }[] };
    const keys = new Map(events.map((event) => [randomUUID() as string, event.key]));
    const fresh = [...keys.keys()];
    const body = JSON.stringify({ events: events.map((event, n) => ({ ...event, key: fresh[n] })) });
    const response = await fetch(input, { ...init, body });
    const text = await response.text();
    const restored = [...keys].reduce((all, [sent, original]) => all.replaceAll(sent, original), text);
    return new Response(restored, { status: response.status, headers: response.headers });
  };
}
