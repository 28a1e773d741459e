import { describe, expect, it } from 'vitest';
import { eventsReply, type RegistryEvent } from '#shared/registry-api/index.ts';
import { lease, startBench } from '../support/registry-fixture.ts';
import { chip, runEvent } from '../support/sample-events.ts';

function returned(key: string, returnId: string, n: number): RegistryEvent {
  return {
    key,
    kind: 'unit.returned',
    lane: chip(n),
    atMs: 1,
    payload: {
      returnId,
      station: 'S1',
      chipId: chip(n),
      serialNumber: null,
      action: 'keep',
      reason: 'looked at',
      approver: 'Wang',
      person: 'Li',
      identity: null,
    },
  };
}

describe('a block of events', () => {
  it('of which the data itself refuses one is taken without that one, and without a trace of it', async () => {
    await using bench = await startBench({ count: 5 });
    const [triple] = await lease(bench, 2);
    const send = async (events: readonly unknown[]) =>
      eventsReply.parse((await bench.post('/v1/events', { events })).body).results;
    await send([returned('first', 'return-1', 1)]);
    // The same return under another key: nothing that is judged sees it, the table's own key does.
    const block = [
      runEvent(2, triple?.deviceName ?? ''),
      returned('second', 'return-1', 3),
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
    expect((await bench.get(`/v1/units/${chip(2)}`)).body).toMatchObject({ runs: [{ runId: 'run-2' }] });
  });
});
