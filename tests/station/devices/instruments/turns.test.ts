import { describe, expect, it } from 'vitest';
import { Turns } from '../../../../station/devices/instruments/turns.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const nothing = (): void => undefined;

/** Takes keys, and notes when it got them. */
function taker(turns: Turns, log: string[]) {
  return async (who: string, keys: readonly string[], signal = NEVER_ABORTED) => {
    const turn = await turns.take(keys, () => log.push(`${who} waits`), signal);
    log.push(who);
    return turn;
  };
}

describe('turns', () => {
  it('are given in the order of the requests, to one borrower at a time', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const take = taker(turns, log);
    const first = await take('a', ['psu']);
    const second = take('b', ['psu']);
    const third = take('c', ['psu']);
    first[Symbol.dispose]();
    (await second)[Symbol.dispose]();
    (await third)[Symbol.dispose]();
    expect(log).toEqual(['a', 'b waits', 'c waits', 'b', 'c']);
    expect(turns.isLent('psu')).toBe(false);
  });

  it('are given for several things together, and nobody overtakes who waits for one of them', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const take = taker(turns, log);
    const psu = await take('a', ['psu']);
    const both = take('b', ['dmm', 'psu']);
    const dmm = take('c', ['dmm']);
    const other = await take('d', ['load']);
    expect(turns.isLent('dmm')).toBe(false);
    psu[Symbol.dispose]();
    const held = await both;
    expect(turns.isLent('dmm')).toBe(true);
    held.giveBack('dmm');
    (await dmm)[Symbol.dispose]();
    expect(turns.isLent('psu')).toBe(true);
    held[Symbol.dispose]();
    held[Symbol.dispose]();
    other[Symbol.dispose]();
    expect(log).toEqual(['a', 'b waits', 'c waits', 'd', 'b', 'c']);
  });

  it('are left by who stops waiting', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const take = taker(turns, log);
    const first = await take('a', ['psu']);
    const stop = new AbortController();
    const second = take('b', ['psu', 'dmm'], stop.signal);
    const third = take('c', ['dmm']);
    stop.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    // What only the other waited for is free again.
    (await third)[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(turns.isLent('psu')).toBe(false);
    const again = await turns.take(['psu', 'dmm'], nothing, NEVER_ABORTED);
    again[Symbol.dispose]();
  });
});
