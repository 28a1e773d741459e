import { describe, expect, it } from 'vitest';
import { eventsReply } from '#shared/registry-api/index.ts';
import { lease, startRegistry } from '../support/registry-fixture.ts';
import { chip, returnEvent, runEvent } from '../support/sample-events.ts';

describe('a block of events', () => {
  it('with one that a constraint refuses is applied without that one, and without a trace of it', async () => {
    await using setup = await startRegistry({ count: 5 });
    const [triple] = await lease(setup, 2);
    const send = async (events: readonly unknown[]) =>
      eventsReply.parse((await setup.post('/v1/events', { events })).body).results;
    await send([{ ...returnEvent(1, null, { returnId: 'return-1', action: 'keep' }), key: 'first' }]);
    // The same return under another key: nothing that is change sees it, the table's own key does.
    const block = [
      runEvent(2, triple?.deviceName ?? ''),
      { ...returnEvent(3, null, { returnId: 'return-1', action: 'keep' }), key: 'second' },
      'nonsense',
      runEvent(4, null),
    ];
    expect((await send(block)).map(({ code, status }) => code ?? status)).toEqual([
      'applied',
      'unstorable',
      'bad-input',
      'applied',
    ]);
    expect((await send(block)).map(({ code, status }) => code ?? status)).toEqual([
      'repeated',
      'unstorable',
      'bad-input',
      'repeated',
    ]);
    expect((await setup.get(`/v1/units/${chip(2)}`)).body).toMatchObject({ runs: [{ runId: 'run-2' }] });
  });
});
