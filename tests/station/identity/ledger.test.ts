import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { IdentityState } from '#shared/domain/identity.ts';
import { auditIdentity, createLedger, type Ledger, type Vault } from '../../../station/identity/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../station/core/database/index.ts';
import { addTriples } from '../../kit/sample-rows.ts';
import { depth } from '../../support/depth.ts';
import { memoryDir } from '../../support/temp-dir.ts';

const UNITS = [1, 2, 3] as const;
const TRIPLES = 4;
/** Rows of a file that are for one unit each: by its chip, by its serial number. */
const BOUND = [
  { name: 'own1', unit: 1, by: 'mac' },
  { name: 'own2', unit: 2, by: 'serial' },
] as const;
const clock = { nowMs: () => 1, monotonicMs: () => 1, sleep: () => Promise.resolve() };
const vault: Vault = {
  seal: () => new Uint8Array(),
  sealBytes: () => new Uint8Array(),
  reveal: (_sealed, _owner, use) => use('secret'),
  revealBytes: (_sealed, _owner, use) => use(Buffer.from('secret')),
};

/** Each history has a product and units of its own in one database: opening one takes longer than all its acts. */
const HISTORIES = depth({ short: 150, long: 2000 });

/** What a person with pencil and paper would write down: each triple's state and unit, and the unit it is for alone. */
type Page = Map<string, { state: IdentityState; unit: number | null; only?: number }>;

interface Real {
  readonly dir: string;
  database: WritableDatabase;
  ledger: Ledger;
  history: number;
  productId: string;
  /** The ledger's numbers of this history's units. */
  unitIds: readonly number[];
}
const idOf = ({ unitIds }: Real, unit: number): number => unitIds[unit - 1]!;

const LIVE: readonly IdentityState[] = ['claimed', 'burning', 'burned', 'registered', 'in-doubt'];
const serialOf = (real: Real, unit: number): string => `S${real.history}-${unit}`;

/** What the unit may be given: its own row and no other, else the next of those that are for nobody. */
function nextFor(page: Page, unit: number): string | 'identity-conflict' | null {
  const own = [...page].find(([, row]) => row.only === unit && row.state !== 'retired');
  if (own !== undefined) return own[1].state === 'available' ? own[0] : 'identity-conflict';
  return [...page].find(([, row]) => row.state === 'available' && row.only === undefined)?.[0] ?? null;
}
const liveOf = (page: Page, unit: number): string | null =>
  [...page].find(([, row]) => row.unit === unit && LIVE.includes(row.state))?.[0] ?? null;

/** Faults are part of the behaviour: an act that cannot be is refused, and changes nothing. */
function attempt(work: () => unknown): string {
  try {
    work();
    return 'done';
  } catch (error) {
    return error instanceof Fault ? error.code : 'constraint';
  }
}

function compare(page: Page, real: Real): void {
  const kept = [...page.keys()].map((name) => {
    const row = real.database.triples.findByName(real.productId, name);
    return `${name} ${row?.state} ${row?.unitId}`;
  });
  const wanted = [...page].map(
    ([name, { state, unit }]) => `${name} ${state} ${unit === null ? null : idOf(real, unit)}`,
  );
  if (kept.join() !== wanted.join()) expect(kept).toEqual(wanted);
}

/** An act on the live triple of a unit: the states it leads to from each state it may be done in. */
class OnBound implements fc.Command<Page, Real> {
  readonly #act: 'intend' | 'confirm' | 'absent' | 'doubt' | 'release' | 'register';
  readonly #unit: number;
  readonly #ways: Partial<Record<IdentityState, IdentityState>>;

  constructor(act: OnBound['act'], unit: number, ways: Partial<Record<IdentityState, IdentityState>>) {
    this.#act = act;
    this.#unit = unit;
    this.#ways = ways;
  }
  get act() {
    return this.#act;
  }
  check(page: Readonly<Page>): boolean {
    return liveOf(page, this.#unit) !== null;
  }
  run(page: Page, real: Real): void {
    const name = liveOf(page, this.#unit)!;
    const row = page.get(name)!;
    const to = this.#ways[row.state];
    const bound = real.ledger.boundTo(idOf(real, this.#unit))!;
    expect(bound.deviceName).toBe(name);
    const done = attempt(() => {
      if (this.#act !== 'register') return real.ledger[this.#act](bound, 'run', 'note');
      return real.database.transaction(() =>
        real.database.triples.applyEvent(real.database.triples.findById(bound.tripleId)!, 'register', {
          at: 1,
          runId: null,
          note: '',
        }),
      );
    });
    expect(done).toBe(to === undefined ? 'ledger-violation' : 'done');
    if (to !== undefined) page.set(name, { ...row, state: to, unit: to === 'available' ? null : row.unit });
    compare(page, real);
  }
  toString(): string {
    return `${this.#act}(${this.#unit})`;
  }
}

class Claim implements fc.Command<Page, Real> {
  readonly #unit: number;
  constructor(unit: number) {
    this.#unit = unit;
  }
  check(): boolean {
    return true;
  }
  run(page: Page, real: Real): void {
    const free = nextFor(page, this.#unit);
    const serial = serialOf(real, this.#unit);
    const done = attempt(() => real.ledger.claim(real.productId, idOf(real, this.#unit), 'run', serial));
    if (free === null) expect(done).toBe('pool-empty');
    else if (free === 'identity-conflict') expect(done).toBe('identity-conflict');
    else if (liveOf(page, this.#unit) !== null) expect(done).toBe('constraint');
    else {
      expect(done).toBe('done');
      page.set(free, { ...page.get(free), state: 'claimed', unit: this.#unit });
    }
    compare(page, real);
  }
  toString(): string {
    return `claim(${this.#unit})`;
  }
}

/** The unit says that it holds something that it should not, or nothing of ours. */
class Conflict implements fc.Command<Page, Real> {
  readonly #unit: number;
  readonly #holds: number;
  constructor(unit: number, holds: number) {
    this.#unit = unit;
    this.#holds = holds;
  }
  check(): boolean {
    return true;
  }
  run(page: Page, real: Real): void {
    const deviceName = nameOf(this.#holds);
    const reading: IdentityReading = {
      kind: 'holds',
      name: { productId: real.productId, deviceName },
      secretMatches: null,
    };
    expect(attempt(() => real.ledger.conflict(idOf(real, this.#unit), reading, 'run', 'note'))).toBe('done');
    for (const name of [liveOf(page, this.#unit), deviceName]) {
      const row = name === null ? undefined : page.get(name);
      if (name === null || row === undefined || ['quarantined', 'retired'].includes(row.state)) continue;
      if (row.unit === null || row.unit === this.#unit) page.set(name, { ...row, state: 'quarantined' });
    }
    compare(page, real);
  }
  toString(): string {
    return `conflict(${this.#unit}, ${nameOf(this.#holds)})`;
  }
}

/** Returns desk: everything the unit ever had is retired, and it gets the next of the pool, or nothing is done. */
class Replace implements fc.Command<Page, Real> {
  readonly #unit: number;
  readonly #again: boolean;
  constructor(unit: number, again: boolean) {
    this.#unit = unit;
    this.#again = again;
  }
  check(page: Readonly<Page>): boolean {
    // An intent that is open is settled by the device first; the desk does the same.
    const live = liveOf(page, this.#unit);
    return live === null || page.get(live)?.state !== 'burning';
  }
  run(page: Page, real: Real): void {
    // What is retired first is in nobody's way.
    const after: Page = new Map(page);
    for (const [name, row] of page)
      if (row.unit === this.#unit) after.set(name, { ...row, state: 'retired' });
    const free = this.#again ? nextFor(after, this.#unit) : null;
    const done = attempt(() =>
      real.ledger.replace(
        idOf(real, this.#unit),
        this.#again ? real.productId : null,
        'run',
        'note',
        () => undefined,
      ),
    );
    if (this.#again && free === null) expect(done).toBe('pool-empty');
    else if (free === 'identity-conflict') expect(done).toBe('identity-conflict');
    else {
      expect(done).toBe('done');
      for (const [name, row] of after) page.set(name, row);
      if (free !== null) page.set(free, { ...page.get(free), state: 'claimed', unit: this.#unit });
    }
    compare(page, real);
  }
  toString(): string {
    return `replace(${this.#unit}, ${this.#again})`;
  }
}

/** The process dies and another one starts: an open intent becomes a doubt. */
class Restart implements fc.Command<Page, Real> {
  check(): boolean {
    return true;
  }
  run(page: Page, real: Real): void {
    if (real.history % 50 === 0) {
      real.database.close();
      real.database = openStationDatabase(real.dir);
    }
    real.ledger = createLedger(real.database, vault, clock);
    const open = [...page].filter(([, row]) => row.state === 'burning');
    expect(real.ledger.recover()).toBe(open.length);
    for (const [name, row] of open) page.set(name, { ...row, state: 'in-doubt' });
    compare(page, real);
    expect(real.ledger.recover()).toBe(0);
  }
  toString(): string {
    return 'restart';
  }
}

/** The triples of a history by number; the last one is of nobody here. */
const nameOf = (n: number): string => BOUND[n - TRIPLES - 1]?.name ?? `d${n}`;

const unit = fc.constantFrom(...UNITS);
const on = (act: OnBound['act'], ways: Partial<Record<IdentityState, IdentityState>>) =>
  unit.map((u) => new OnBound(act, u, ways));
const COMMANDS = [
  unit.map((u) => new Claim(u)),
  unit.map((u) => new Claim(u)),
  on('intend', { claimed: 'burning', burned: 'burning', registered: 'burning', 'in-doubt': 'burning' }),
  on('intend', { claimed: 'burning', burned: 'burning', registered: 'burning', 'in-doubt': 'burning' }),
  on('confirm', {
    claimed: 'burned',
    burning: 'burned',
    'in-doubt': 'burned',
    burned: 'burned',
    registered: 'registered',
  }),
  on('absent', { burning: 'claimed', 'in-doubt': 'claimed' }),
  on('doubt', { burning: 'in-doubt' }),
  on('release', { claimed: 'available' }),
  on('register', { burned: 'registered' }),
  fc.tuple(unit, fc.integer({ min: 1, max: TRIPLES + BOUND.length + 1 })).map(([u, n]) => new Conflict(u, n)),
  fc.tuple(unit, fc.boolean()).map(([u, again]) => new Replace(u, again)),
  fc.constant(new Restart()),
];

describe('the ledger', () => {
  it(`agrees with pencil and paper over ${HISTORIES} random histories, restarts included`, () => {
    using dir = memoryDir();
    const first = openStationDatabase(dir.path);
    const ledger = createLedger(first, vault, clock);
    const real: Real = { dir: dir.path, database: first, ledger, history: 0, productId: '', unitIds: [] };
    try {
      fc.assert(
        fc.property(fc.commands(COMMANDS, { maxCommands: 30, size: 'max' }), (commands) => {
          const page = begin(real);
          fc.modelRun(() => ({ model: page, real }), commands);
          real.ledger.recover();
          if (real.history % 200 === 0) expect(auditIdentity(real.database).violations).toEqual([]);
        }),
        { numRuns: HISTORIES },
      );
      expect(auditIdentity(real.database).violations).toEqual([]);
    } finally {
      real.database.close();
    }
  });
});

function begin(real: Real): Page {
  const history = (real.history += 1);
  real.productId = `P${history}`;
  addTriples(real.database, TRIPLES, real.productId);
  real.unitIds = real.database.transaction(() =>
    UNITS.map((u) => {
      const { unitId } = real.database.units.recordSeen(`AA${history}-${u}`, null, null, 1);
      real.database.units.setSerialNumber(unitId, serialOf(real, u));
      return unitId;
    }),
  );
  const page: Page = new Map(
    Array.from({ length: TRIPLES }, (_, n) => [`d${n + 1}`, { state: 'available', unit: null }]),
  );
  real.database.transaction(() => {
    for (const { name, unit: only, by } of BOUND) {
      const bound =
        by === 'mac' ? { boundMac: `AA${history}-${only}` } : { boundSerial: serialOf(real, only) };
      const row = { productId: real.productId, deviceName: name, source: 'test', lease: null, ...bound };
      real.database.triples.add({ ...row, sealed: new Uint8Array(8) }, 1);
      page.set(name, { state: 'available', unit: null, only });
    }
  });
  return page;
}
