import { randomUUID } from 'node:crypto';
import type { Station } from '#station';

/**
 * Builds that are broken on purpose, to see that the torture notices. Nothing of this is in the product: it is done
 * to a station from outside, in the torture's own host.
 */
export const SABOTAGES = ['late-intent', 'no-stable-key'] as const;
export type Sabotage = (typeof SABOTAGES)[number];

/** The intent to write becomes durable only together with what came of it, after the bytes have left. */
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

/** Each sending gives each event a new key, as if none had been kept with it. */
export function forgetKeys(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
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
    const restored = [...keys].reduce((all, [sent, own]) => all.replaceAll(sent, own), text);
    return new Response(restored, { status: response.status, headers: response.headers });
  };
}
