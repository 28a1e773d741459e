import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import {
  bindDevice,
  makeToken,
  ownersOf,
  readToken,
  releaseByDevice,
  releaseDevice,
  reportToken,
  withdrawToken,
} from '../../../registry/provisioning/index.ts';
import { openData } from '../../../registry/data/index.ts';
import { RegistryError } from '../../../registry/registry-error.ts';
import { depth } from '../../support/depth.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { PRODUCT } from '../support/registry-fixture.ts';

const dir = tempDir('tokens');
{
  using seeding = openRegistryStore(dir.path);
  seeding.seedProduct({ productId: PRODUCT, count: 3, prefix: 'Dev' });
}
let nowMs = 1_800_000_000_000;
const { store, vault } = openData(dir.path);
const context = { store, vault, nowMs: () => nowMs };
afterAll(() => {
  store.close();
  dir[Symbol.dispose]();
});

const NAMES = ['Dev000001', 'Dev000002', 'Dev000003'];
const DEVICES = NAMES.map((name) => store.devices.facts(PRODUCT, name)?.id ?? 0);
const STATIONS = ['S1', 'S2'].map((station) => ({ station, rights: [] as const }));
const LIFE_MS = 10_000;

/** The same rules, written down once more: a token and an owner as the design has them. */
interface ModelToken {
  readonly station: number;
  /** Null: any device of the product. */
  readonly device: number | null;
  state: 'made' | 'reported' | 'bound' | 'released' | 'withdrawn';
  readonly endsMs: number;
  by: number | null;
  bindKey: string | null;
}

type Act =
  | { readonly act: 'make'; readonly station: number; readonly device: number | null }
  | { readonly act: 'report' | 'bind' | 'withdraw' | 'repeat'; readonly token: number; readonly who: number }
  | { readonly act: 'release' | 'release-itself'; readonly device: number }
  | { readonly act: 'wait'; readonly ms: number };

const device = fc.nat({ max: 2 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant('make' as const), station: fc.nat({ max: 1 }), device: fc.option(device) }),
  fc.record({
    act: fc.constantFrom(
      'report' as const,
      'report' as const,
      'bind' as const,
      'withdraw' as const,
      'repeat' as const,
    ),
    token: fc.nat({ max: 5 }),
    who: device,
  }),
  fc.record({ act: fc.constantFrom('release' as const, 'release-itself' as const), device }),
  fc.record({ act: fc.constant('wait' as const), ms: fc.constantFrom(1, 4000, LIFE_MS) }),
);

let keys = 0;

/** `done`, or the code of the registry's error. */
function outcome(work: () => unknown): unknown {
  try {
    return work() ?? 'done';
  } catch (error) {
    if (error instanceof RegistryError) return error.body.code;
    throw error;
  }
}

describe('the states of a token', () => {
  it('follow the model, whatever stations and devices do', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 30 }), (acts) => {
        const tokens: {
          readonly model: ModelToken;
          readonly id: string;
          readonly text: string;
          readonly key: string;
        }[] = [];
        /** The token that each device is bound with. */
        const bound = new Map<number, ModelToken>();
        for (const id of DEVICES) releaseByDevice(context, id, 'before');
        const stateOf = ({ state, endsMs }: ModelToken): string =>
          (state === 'made' || state === 'reported') && nowMs >= endsMs ? 'expired' : state;
        const free = (of: number): void => {
          const token = bound.get(of);
          if (token !== undefined) token.state = 'released';
          bound.delete(of);
        };
        for (const one of acts) {
          switch (one.act) {
            case 'wait':
              nowMs += one.ms;
              break;
            case 'make': {
              const caller = STATIONS[one.station] ?? { station: '', rights: [] };
              const deviceName = one.device === null ? null : (NAMES[one.device] ?? '');
              const key = `key-${keys++}`;
              const request = { productId: PRODUCT, deviceName, key, lifeMs: LIFE_MS };
              let made: { tokenId: string; token: string } | null = null;
              const said = outcome(() => {
                made = makeToken(context, caller, request);
              });
              const isTaken = one.device !== null && bound.has(one.device);
              expect(said).toBe(isTaken ? 'conflict' : 'done');
              const reply = made as { tokenId: string; token: string } | null;
              if (reply === null) break;
              const model: ModelToken = {
                station: one.station,
                device: one.device,
                state: 'made',
                endsMs: nowMs + LIFE_MS,
                by: null,
                bindKey: null,
              };
              tokens.push({ model, id: reply.tokenId, text: reply.token, key });
              break;
            }
            case 'report': {
              const token = tokens[one.token];
              const text = token?.text ?? 'v3_unknown';
              const said = reportToken(context, DEVICES[one.who] ?? 0, PRODUCT, text);
              expect(said === null).toBe(token !== undefined && accepts(token.model, one.who));
              if (said === null && token?.model.state === 'made') {
                token.model.state = 'reported';
                token.model.by = one.who;
              }
              break;
            }
            case 'bind': {
              const token = tokens[one.token];
              if (token === undefined) break;
              const { model, id } = token;
              const other = STATIONS[1 - model.station] ?? { station: '', rights: [] };
              expect(outcome(() => bindDevice(context, other, id, { owner: 'O', key: 'b' }))).toBe(
                'not-found',
              );
              const own = STATIONS[model.station] ?? other;
              const said = outcome(() => void bindDevice(context, own, id, { owner: 'O', key: id }));
              const isFree = model.by !== null && !bound.has(model.by);
              const isRepeated = model.state === 'bound';
              expect(said).toBe(
                (stateOf(model) === 'reported' && isFree) || isRepeated ? 'done' : 'conflict',
              );
              if (said === 'done' && !isRepeated && model.by !== null) {
                model.state = 'bound';
                bound.set(model.by, model);
              }
              break;
            }
            case 'withdraw': {
              const token = tokens[one.token];
              if (token === undefined) break;
              const own = STATIONS[token.model.station] ?? { station: '', rights: [] };
              const said = outcome(() => void withdrawToken(context, own, token.id));
              expect(said).toBe(token.model.state === 'bound' ? 'conflict' : 'done');
              if (said === 'done' && token.model.state !== 'released') token.model.state = 'withdrawn';
              break;
            }
            case 'repeat': {
              const token = tokens[one.token];
              if (token === undefined) break;
              const { model, key, text } = token;
              const own = STATIONS[model.station] ?? { station: '', rights: [] };
              const deviceName = model.device === null ? null : (NAMES[model.device] ?? '');
              const again = makeToken(context, own, { productId: PRODUCT, deviceName, key, lifeMs: LIFE_MS });
              expect([again.token, again.tokenId]).toEqual([text, token.id]);
              break;
            }
            case 'release': {
              const given = { reason: 'r', by: 'Li' };
              const name = { productId: PRODUCT, deviceName: NAMES[one.device] ?? '' };
              const { released } = releaseDevice(context, { station: 'S1', rights: [] }, name, given);
              expect(released).toBe(bound.has(one.device));
              free(one.device);
              break;
            }
            case 'release-itself':
              releaseByDevice(context, DEVICES[one.device] ?? 0, 'itself');
              free(one.device);
          }
        }
        for (const { model, id } of tokens) {
          const own = STATIONS[model.station] ?? { station: '', rights: [] };
          expect(readToken(context, own, id).state).toBe(stateOf(model));
        }
        for (const [n, name] of NAMES.entries())
          expect(ownersOf(store, PRODUCT, name).owner !== null).toBe(bound.has(n));

        function accepts(model: ModelToken, who: number): boolean {
          if (model.device !== null && model.device !== who) return false;
          switch (stateOf(model)) {
            case 'made':
              return !bound.has(who);
            case 'reported':
            case 'bound':
              return model.by === who;
            default:
              return false;
          }
        }
      }),
      { numRuns: depth({ short: 40, long: 2000 }) },
    );
  });

  it('can be made by the hundred at once, all different and each found again', () => {
    const count = depth({ short: 200, long: 1000 });
    const caller = { station: 'S1', rights: [] as const };
    const made = store.write(() =>
      Array.from({ length: count }, (_, n) =>
        makeToken(context, caller, {
          productId: PRODUCT,
          deviceName: null,
          key: `many-${n}`,
          lifeMs: LIFE_MS,
        }),
      ),
    );
    expect(new Set(made.map(({ token }) => token)).size).toBe(count);
    const [first, , third] = made;
    expect(reportToken(context, DEVICES[0] ?? 0, PRODUCT, third?.token ?? '')).toBeNull();
    const states = made.slice(0, 3).map(({ tokenId }) => readToken(context, caller, tokenId).state);
    expect(states).toEqual(['made', 'made', 'reported']);
    expect(
      makeToken(context, caller, { productId: PRODUCT, deviceName: null, key: 'many-0', lifeMs: 1 }),
    ).toMatchObject({ token: first?.token });
  });
});
