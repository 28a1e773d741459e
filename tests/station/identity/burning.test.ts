import { copyFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Triple } from '#shared/domain/triple.ts';
import { auditIdentity, createLedger, type Ledger, type Vault } from '../../../station/identity/index.ts';
import type { DeviceSession } from '../../../station/protocols/index.ts';
import type { RunContext } from '../../../station/runner/run-context.ts';
import { burnTriple } from '../../../station/runner/steps/burn-triple.ts';
import { openStore, type Store, storeFile } from '../../../station/store/index.ts';
import { addTriples, PRODUCT } from '../support/sample-store.ts';
import { fastDir } from '../support/temp-dir.ts';

/**
 * The promise itself, over devices that forget, refuse, lose their replies and their cables, and a station that dies
 * at any moment: no two units hold one triple, nothing is free that a device holds, and a good visit settles a unit.
 */
const WRITES = [
  'stores',
  'refuses',
  'stores, reply lost',
  'says OK, stores nothing',
  'stores another secret',
  'cable out before',
  'cable out after',
  'station dies before',
  'station dies after',
] as const;
const CRASHES = [
  'never',
  'before claim',
  'after claim',
  'before intend',
  'after intend',
  'before confirm',
] as const;
type Write = (typeof WRITES)[number];
type CrashAt = (typeof CRASHES)[number];

type Act =
  | { readonly do: 'visit'; readonly unit: number; readonly write: Write; readonly crash: CrashAt }
  | { readonly do: 'erase' | 'strange' | 'register' | 'reissue' | 'retire'; readonly unit: number };

const UNITS = [1, 2, 3];
const TRIPLES = 12;
const clock = { nowMs: () => 1, monotonicMs: () => 1, sleep: () => Promise.resolve() };
const vault: Vault = {
  seal: () => new Uint8Array(),
  reveal: (sealed, _owner, use) => use(Buffer.from(sealed).toString('hex')),
};
const never = new AbortController().signal;

class Crash extends Error {}

class World {
  readonly flash = new Map<number, Triple>();
  readonly #dir: string;
  store!: Store;
  ledger!: Ledger;

  constructor(dir: string) {
    this.#dir = dir;
    this.start();
  }
  start(): void {
    this.store = openStore(this.#dir);
    this.ledger = createLedger(this.store, vault, clock);
    this.ledger.recover();
  }
  restart(): void {
    this.store.close();
    this.start();
  }
}

function device(world: World, unit: number, write: Write): DeviceSession {
  let cable = true;
  const lost = (): never => {
    cable = false;
    throw new Fault('port-lost', 'the cable is out');
  };
  const use = (): void => {
    if (!cable) lost();
  };
  const unused = (): never => {
    throw new Error('not part of a burn');
  };
  return {
    readBack: 'full',
    identify: unused,
    goOnline: unused,
    goOffline: unused,
    command: unused,
    checkWritable: () => undefined,
    async prepareWrite() {
      use();
    },
    async readIdentity(expected): Promise<IdentityReading> {
      use();
      const held = world.flash.get(unit);
      if (held === undefined) return { kind: 'none' };
      const secretMatches = expected === null ? null : expected.deviceSecret === held.deviceSecret;
      return { kind: 'holds', name: held, secretMatches };
    },
    async writeIdentity(triple) {
      use();
      // Not one byte of an identity leaves before its intent is durable, for this unit and no other.
      const row = world.store.triples.byName(triple.productId, triple.deviceName);
      expect(row).toMatchObject({ state: 'burning', unitId: unit });
      switch (write) {
        case 'refuses':
          throw new Fault('device-rejected', '207');
        case 'says OK, stores nothing':
          return;
        case 'cable out before':
          return lost();
        case 'station dies before':
          throw new Crash();
        default:
          break;
      }
      const deviceSecret = write === 'stores another secret' ? 'other' : triple.deviceSecret;
      world.flash.set(unit, { ...triple, deviceSecret });
      if (write === 'stores, reply lost') throw new Fault('device-silent', 'no answer');
      if (write === 'cable out after') lost();
      if (write === 'station dies after') throw new Crash();
    },
  } as Partial<DeviceSession> as DeviceSession;
}

/** The ledger of a process that dies at one of its acts. */
function mortal(ledger: Ledger, crash: CrashAt): Ledger {
  const [when, act] = crash.split(' ');
  return new Proxy(ledger, {
    get(target, name: keyof Ledger) {
      if (name !== act) return target[name];
      return (...args: unknown[]) => {
        if (when === 'before') throw new Crash();
        (target[name] as (...a: unknown[]) => unknown)(...args);
        throw new Crash();
      };
    },
  });
}

/** One time on a slot. The outcome, or `dead` when the station died of it; then it was started again. */
async function visit(world: World, unit: number, write: Write, crash: CrashAt): Promise<string> {
  const run = {
    runId: 'run',
    recipe: { product: PRODUCT },
    unit: { unitId: unit, info: { chipId: `AA0${unit}` } },
    ledger: mortal(world.ledger, crash),
    device: device(world, unit, write),
    setBound: () => undefined,
    setProof: () => undefined,
  } as unknown as RunContext;
  try {
    await burnTriple({ verb: 'burn-triple' }, run, never);
    return 'PASS';
  } catch (error) {
    if (error instanceof Fault) return error.code;
    if (!(error instanceof Crash)) throw error;
    world.restart();
    return 'dead';
  }
}

async function perform(world: World, act: Act): Promise<void> {
  switch (act.do) {
    case 'visit': {
      const outcome = await visit(world, act.unit, act.write, act.crash);
      if (outcome !== 'PASS') return;
      const held = world.flash.get(act.unit);
      const live = world.store.triples.liveOf(act.unit);
      expect(live?.deviceName).toBe(held?.deviceName);
      expect(['burned', 'registered']).toContain(live?.state);
      return;
    }
    case 'erase':
      return void world.flash.delete(act.unit);
    case 'strange':
      return void world.flash.set(act.unit, {
        productId: 'FOREIGN',
        deviceName: `x${act.unit}`,
        deviceSecret: 's',
      });
    case 'register': {
      const live = world.store.triples.liveOf(act.unit);
      if (live?.state !== 'burned') return;
      world.store.transaction(() =>
        world.store.triples.move(live, 'register', { at: 1, runId: null, note: '' }),
      );
      return;
    }
    case 'reissue': {
      try {
        world.ledger.replace(act.unit, PRODUCT, 'desk', 'returned', () => undefined);
      } catch (error) {
        expect(error).toMatchObject({ code: 'pool-empty' });
      }
      return;
    }
    case 'retire':
      return void world.ledger.replace(act.unit, null, 'desk', 'scrapped', () => undefined);
  }
}

function promise(world: World): void {
  const names = [...world.flash.values()].map((held) => `${held.productId}/${held.deviceName}`);
  expect(new Set(names).size).toBe(names.length);
  for (const held of world.flash.values())
    expect(world.store.triples.byName(held.productId, held.deviceName)?.state).not.toBe('available');
  expect(world.store.triples.inState('burning')).toEqual([]);
}

const unit = fc.constantFrom(...UNITS);
const visits = fc.record({
  do: fc.constant('visit' as const),
  unit,
  write: fc.constantFrom(...WRITES),
  crash: fc.oneof({ weight: 3, arbitrary: fc.constant('never' as const) }, fc.constantFrom(...CRASHES)),
});
const others = fc.record({ do: fc.constantFrom('erase', 'strange', 'register', 'reissue', 'retire'), unit });
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof({ weight: 4, arbitrary: visits }, others as fc.Arbitrary<Act>),
  { maxLength: 16, size: 'max' },
);

describe('burning identities', () => {
  it('never puts one triple into two units, whatever fails and whenever the station dies', async () => {
    using template = fastDir();
    {
      const store = openStore(template.path);
      addTriples(store, TRIPLES);
      for (const u of UNITS) store.units.see(`AA0${u}`, null, null, 1);
      store.close();
    }
    await fc.assert(
      fc.asyncProperty(acts, async (history) => {
        using dir = fastDir();
        copyFileSync(storeFile(template.path), storeFile(dir.path));
        const world = new World(dir.path);
        try {
          for (const act of history) {
            await perform(world, act);
            promise(world);
          }
          // A good visit settles every unit that holds nothing strange, with what it holds already if it holds ours.
          for (const u of UNITS) {
            const held = world.flash.get(u);
            const ours = world.store.triples.liveOf(u)?.deviceName;
            const wasOurs = held !== undefined && world.ledger.whereabouts(held, u) === 'own-retired';
            const outcome = await visit(world, u, 'stores', 'never');
            if (held === undefined) expect(['PASS', 'pool-empty']).toContain(outcome);
            else if (ours === held.deviceName) {
              expect(outcome).toBe('PASS');
              expect(world.flash.get(u)?.deviceName).toBe(held.deviceName);
            } else if (wasOurs && ours !== undefined) {
              // The desk gave it another, which it has now.
              expect(outcome).toBe('PASS');
              expect(world.flash.get(u)?.deviceName).toBe(ours);
            } else expect(outcome).toBe('identity-conflict');
          }
          promise(world);
          expect(auditIdentity(world.store).violations).toEqual([]);
        } finally {
          world.store.close();
        }
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
