import { Fault } from '#shared/domain/fault.ts';
import {
  type BoundTriple,
  createLedger,
  type Ledger,
  type Vault,
} from '../../../../station/identity/index.ts';
import { finishRun } from '../../../../station/execution/executor/finish-run.ts';
import { identifyUnit } from '../../../../station/execution/executor/identify-unit.ts';
import { recover } from '../../../../station/execution/executor/recover.ts';
import type { RunContext } from '../../../../station/execution/run-context/run-context.ts';
import { burnTriple } from '../../../../station/execution/verbs/burn-triple.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { addBatch, addTriples, beginRun } from '../../../kit/sample-rows.ts';
import { Crash, type PhysicalUnit, createFakeSession, type WriteBehaviour } from './units.ts';
import { SecretMask } from '../../../../station/core/secret-mask/index.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const TRIPLES = 12;
/** No time passes: a sleep ends only when its signal is aborted. */
const clock = {
  nowMs: () => 1,
  monotonicMs: () => 1,
  sleep: (_ms: number, signal: AbortSignal) =>
    new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('woken')))),
};
const vault: Vault = {
  seal: () => new Uint8Array(),
  sealBytes: () => new Uint8Array(),
  reveal: (sealed, _owner, use) => use(Buffer.from(sealed).toString('hex')),
  revealBytes: (sealed, _owner, use) => use(Buffer.from(Buffer.from(sealed).toString('hex'))),
};

/** The action of the ledger at which the process ends. */
export const CRASHES = [
  'never',
  'before claim',
  'after claim',
  'before intend',
  'after intend',
  'before confirm',
] as const;
export type CrashAt = (typeof CRASHES)[number];

/**
 * The part of a station that burns identities: its real database, ledger and executor with fake devices. Histories share
 * one database, each with its own product and units, because opening a database takes most of the time.
 */
export class BurnStation implements Disposable {
  readonly #dir: string;
  database: WritableDatabase;
  ledger: Ledger;
  histories = 0;
  #runs = 0;

  constructor(dir: string) {
    this.#dir = dir;
    this.database = openStationDatabase(dir);
    addBatch(this.database);
    this.ledger = createLedger(this.database, vault, clock);
  }

  /** Adds a product with its own pool, and returns its id. */
  begin(): string {
    this.histories += 1;
    const productId = `P${this.histories}`;
    addTriples(this.database, TRIPLES, productId);
    return productId;
  }

  /** Adds a triple that is bound to one unit, by its chip or its serial number. */
  bind(
    productId: string,
    deviceName: string,
    to: { readonly boundMac: string } | { readonly boundSerial: string },
  ): void {
    const sealed = Buffer.from(`${productId}/${deviceName}`);
    this.database.transaction(() =>
      this.database.triples.add({ productId, deviceName, sealed, source: 'test', lease: null, ...to }, 1),
    );
  }

  /** Ends the process and starts it again; every 50th history also closes and opens the database, which is slow. */
  restart(): void {
    if (this.histories % 50 === 0) {
      this.database.close();
      this.database = openStationDatabase(this.#dir);
    }
    this.ledger = createLedger(this.database, vault, clock);
    recover(this.database, this.ledger, { clock, paths: { dataDir: this.#dir } });
  }

  /** Runs a unit from scan to record. Returns PASS, the code of its failure, or `dead` when the process ended. */
  async visit(
    productId: string,
    unit: PhysicalUnit,
    otherUnit: PhysicalUnit = unit,
    write: WriteBehaviour = 'stores',
    crash: CrashAt = 'never',
  ): Promise<string> {
    const { database } = this;
    const { serialNumber } = unit;
    const runId = `run-${(this.#runs += 1)}`;
    beginRun(database, runId, serialNumber);
    try {
      const outcome = await this.#burn(
        runId,
        productId,
        unit,
        createFakeSession(database, unit, otherUnit, write),
        crash,
      );
      finishRun(database, runId, 1, outcome === 'PASS' ? 'PASS' : 'ERROR', null);
      return outcome;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.restart();
      return 'dead';
    }
  }

  async #burn(
    runId: string,
    productId: string,
    { serialNumber }: PhysicalUnit,
    device: RunContext['device'],
    crash: CrashAt,
  ): Promise<string> {
    const { database } = this;
    try {
      const info = await device.identify(NEVER_ABORTED);
      const run = {
        runId,
        serialNumber,
        database,
        device,
        platform: { clock },
        io: {
          input: (_kind: string, _key: string, take: () => unknown) => take(),
          mask: new SecretMask(),
        },
        recipe: { product: productId, device: {}, phases: [] },
        unit: identifyUnit(database, { runId, serialNumber, chipId: null }, info, 1),
        ledger: crashingLedger(this.ledger, crash),
        setBound: (bound: BoundTriple | null) => database.runs.setTriple(runId, bound?.tripleId ?? null),
        setHeld: () => undefined,
        setProof: () => undefined,
      } satisfies Partial<Record<keyof RunContext, unknown>> as unknown as RunContext;
      await burnTriple({ verb: 'burn-triple' }, run, NEVER_ABORTED);
      return 'PASS';
    } catch (error) {
      if (error instanceof Fault) return error.code;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.database.close();
  }
}

/** The ledger of a process that ends at one of its actions. */
function crashingLedger(ledger: Ledger, crash: CrashAt): Ledger {
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
