import { describe, expect, it } from 'vitest';
import { eventsReply, stationHeaders } from '#shared/registry-api/index.ts';
import { lease, startRegistry } from '../support/registry-fixture.ts';
import { chip, runEvent } from '../support/sample-events.ts';

/** JSON as no program of ours writes it. */
const PATHOLOGICAL: readonly (readonly [string, string])[] = [
  ['nested arrays', '['.repeat(200_000) + ']'.repeat(200_000)],
  ['nested objects', '{"a":'.repeat(200_000) + '1' + '}'.repeat(200_000)],
  ['numbers out of range', '[1e400,-1e400,-0,123456789012345678901234567890]'],
  ['half characters', '"\\ud83d\\u0000\\udc00"'],
  ['a member twice', '{"a":1,"a":2}'],
  ['many shapes', JSON.stringify(Array.from({ length: 3000 }, (_, n) => ({ [`m${n}`]: n, a: 1 })))],
];

describe('a malformed event of a foreign program', () => {
  it.each(PATHOLOGICAL)(
    'with %s does not affect others, and is checked with the same result again',
    async (_what, strange) => {
      await using setup = await startRegistry({ count: 2 });
      const [triple] = await lease(setup, 1);
      const good = JSON.stringify(runEvent(1, triple?.deviceName ?? ''));
      const odd = JSON.stringify(runEvent(2, null)).replace(
        '"payload":{',
        `"payload":{"unheardOf":${strange},`,
      );
      const post = async (): Promise<{ status: number; text: string }> => {
        const response = await fetch(`${setup.registry.http}/v1/events`, {
          method: 'POST',
          headers: {
            ...stationHeaders(setup.registry.enrolmentToken, 'S1'),
            'content-type': 'application/json',
          },
          body: `{"events":[${good},${odd}]}`,
        });
        return { status: response.status, text: await response.text() };
      };
      const first = await post();
      expect(first.status).toBe(200);
      expect(first.text).not.toContain('at ');
      const [one, two] = eventsReply.parse(JSON.parse(first.text)).results;
      expect(one?.status).toBe('applied');
      const again = eventsReply.parse(JSON.parse((await post()).text)).results;
      expect(again.map(({ status }) => status)).toEqual([
        'repeated',
        two?.status === 'applied' ? 'repeated' : 'rejected',
      ]);
      expect((await setup.get(`/v1/units/${chip(1)}`)).body).toMatchObject({ runs: [{ runId: 'run-1' }] });
      expect(setup.tap.entries.filter(({ level }) => level === 'error')).toEqual([]);
    },
  );
});
