import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessPoint, WifiAir } from '../../../../simulator/air/index.ts';
import { ActiveFaults, type UnitFault } from '../../../../simulator/faults/index.ts';
import { WifiUnit } from '../../../../simulator/parts/provisioning/index.ts';
import { createRandom } from '../../../../simulator/platform/index.ts';
import type { DeviceContext } from '../../../../simulator/profiles/profile.ts';
import type { Terminal } from '../../../kit/terminal.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import {
  contentOf,
  type FirmwareSetup,
  startFirmwareRegistry,
} from '../../../registry/firmware/firmware-registry.ts';
import { lease, type LeasedTriple, PRODUCT } from '../../../registry/support/registry-fixture.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { until } from '../../../support/until.ts';

const SIZES = { '2.0.0': 300_007, '3.0.0': 90_001 } as const;
type Version = keyof typeof SIZES;
const RUNS = 120;

type Fault = Extract<UnitFault, { fault: 'ota-fails' }>;
type By = Fault['by'];

/** A unit that takes updates in one of the ways that units have, with the faults that a test gives it. */
interface Updated extends AsyncDisposable {
  readonly name: string;
  setFault(fault: Fault | null): Promise<void>;
  /** Does what stands beside the unit, such as a host, until the update has ended. */
  assist(isOver: () => boolean): Promise<void>;
}

let skippedMs = 0;
let setup: FirmwareSetup;
const ways = new Map<string, Updated>();
const WAYS = ['module itself', 'module for its host', 'described unit', 'unit with Wi-Fi'] as const;

beforeAll(async () => {
  setup = await startFirmwareRegistry(() => Date.now() + skippedMs, 4);
  for (const [version, bytes] of Object.entries(SIZES))
    await setup.publish(contentOf(bytes, version), { version });
  const [a, b, c, d] = (await lease(setup, 4)) as [LeasedTriple, LeasedTriple, LeasedTriple, LeasedTriple];
  ways.set('module itself', await atModule('camera', a));
  ways.set('module for its host', await atModule('at-module', b));
  ways.set('described unit', await describedUnit(c));
  ways.set('unit with Wi-Fi', await wifiUnit(d));
});
afterAll(async () => {
  for (const way of ways.values()) await way[Symbol.asyncDispose]();
  await setup[Symbol.asyncDispose]();
});

async function start(profile: string): Promise<TestSimulator> {
  return TestSimulator.start({ profile, mqttUrl: setup.registry.mqtt, timeScale: 0.01 });
}

async function setFaultOf(simulator: TestSimulator, fault: Fault | null): Promise<void> {
  await simulator.inner.changeFaults(1, { clear: true, ...(fault === null ? {} : { add: [fault] }) });
}

async function atModule(profile: 'camera' | 'at-module', triple: LeasedTriple): Promise<Updated> {
  const simulator = await start(profile);
  const terminal = await simulator.talkTo();
  const { deviceName, deviceSecret } = triple;
  let installed = '1.0.0';
  const logIn = async (): Promise<void> => {
    await terminal.ask('AT+TCMQTTCONN=1,5000,240,1,0', /TCMQTTCONN:OK\r\n/);
    if (profile === 'at-module') await terminal.ask(`AT+TCOTASET=1,"${installed}"`, /TCOTASET:OK\r\n/);
  };
  const identity = `AT+TCDEVINFOSET=1,"${PRODUCT}","${deviceName}","${deviceSecret}"`;
  await terminal.ask(identity, /TCDEVINFOSET:.*OK\r\n/);
  await logIn();
  return {
    name: deviceName,
    setFault: (fault) => setFaultOf(simulator, fault),
    async assist(isOver) {
      if (profile !== 'at-module') return;
      await hostOf(terminal, {
        isOver,
        onRestart: async () => {
          await terminal.wake();
          await logIn();
        },
        async onStored() {
          const [, version = ''] =
            /TCFWINFO:"([^"]*)"/.exec(await terminal.ask('AT+TCFWINFO?', /TCFWINFO:.*\r\n$/)) ?? [];
          installed = version;
          await terminal.ask(`AT+TCOTASET=1,"${installed}"`, /TCOTASET:OK\r\n/);
        },
      });
    },
    async [Symbol.asyncDispose]() {
      await terminal.close();
      await simulator[Symbol.asyncDispose]();
    },
  };
}

interface Host {
  readonly isOver: () => boolean;
  onRestart(): Promise<void>;
  onStored(): Promise<void>;
}

/** The microcontroller beside an AT module: it follows what the module says of the update. */
async function hostOf(terminal: Terminal, { isOver, onRestart, onStored }: Host): Promise<void> {
  for (;;) {
    const said = await until(
      () => (isOver() ? 'over' : /UPDATESUCCESS\r\n|ready\r\n/.exec(terminal.unread)?.[0].trim()),
      'a word of the module or the end of the update',
    );
    if (said === 'over') return;
    await terminal.expect(/UPDATESUCCESS\r\n|ready\r\n/);
    await (said === 'ready' ? onRestart() : onStored());
  }
}

async function describedUnit({ deviceName, deviceSecret }: LeasedTriple): Promise<Updated> {
  const simulator = await start('described-full');
  const terminal = await simulator.seeBoot();
  await terminal.expect(/READY\r\n/);
  for (const [line, answer] of [
    [`SETID ${PRODUCT} ${deviceName} ${deviceSecret}`, /OK\r\n/],
    ['LOGIN', /ONLINE\r\n/],
  ] as const) {
    await terminal.write(`${line}\r\n`);
    await terminal.expect(answer);
  }
  return {
    name: deviceName,
    setFault: (fault) => setFaultOf(simulator, fault),
    assist: () => Promise.resolve(),
    async [Symbol.asyncDispose]() {
      await terminal.close();
      await simulator[Symbol.asyncDispose]();
    },
  };
}

async function wifiUnit({ deviceName, deviceSecret }: LeasedTriple): Promise<Updated> {
  const faults = new ActiveFaults();
  const errors: unknown[] = [];
  const context = {
    flash: { identity: { productId: PRODUCT, deviceName, deviceSecret, region: '1' } },
    faults,
    random: createRandom('updates'),
    mqttUrl: setup.registry.mqtt,
    wifi: new WifiAir([accessPoint.parse({ ssid: 'Line 3', password: 'test-12345678' })]),
    nowMs: () => Date.now(),
    wait: () => Promise.resolve(),
    onError: (error: unknown) => void errors.push(error),
  } as unknown as DeviceContext;
  const unit = new WifiUnit(context, '1.0.0');
  expect(await unit.join('Line 3', 'test-12345678', NEVER_ABORTED)).toBe('joined');
  expect(await unit.logIn(NEVER_ABORTED)).toBe('online');
  return {
    name: deviceName,
    async setFault(fault) {
      faults.clear();
      if (fault !== null) faults.add([fault]);
    },
    assist: () => Promise.resolve(),
    async [Symbol.asyncDispose]() {
      await unit.close(true);
      expect(errors).toEqual([]);
    },
  };
}

interface AttemptRow {
  readonly attempt: number;
  readonly stage: string | null;
  readonly percent: number | null;
}

interface Expected {
  readonly state: 'succeeded' | 'failed';
  readonly failure: 'device' | 'time-out' | null;
  readonly resultCode: number | null;
  readonly attempts: readonly AttemptRow[];
}

const DONE = { stage: 'done', percent: 100 } as const;
const NOTHING = { stage: null, percent: null } as const;

/** What must be in the tables, from the fault alone. */
function expectedOf({ by, atPercent }: Fault | { by: 'nothing'; atPercent: number }, size: number): Expected {
  const failed = (resultCode: number, last: Omit<AttemptRow, 'attempt'>): Expected => ({
    state: 'failed',
    failure: 'device',
    resultCode,
    attempts: [{ attempt: 1, ...last }],
  });
  const succeeded = (...before: readonly Omit<AttemptRow, 'attempt'>[]): Expected => ({
    state: 'succeeded',
    failure: null,
    resultCode: null,
    attempts: [...before, DONE].map((row, n) => ({ attempt: n + 1, ...row })),
  });
  const reached = Math.floor((Math.floor((size * atPercent) / 100) * 100) / size);
  switch (by) {
    case 'nothing':
    case 'connection-lost':
      return succeeded();
    case 'power-lost':
      return succeeded({ stage: 'downloading', percent: reached });
    case 'not-applied':
      return succeeded(DONE);
    case 'wrong-md5':
      return failed(-4, { stage: 'downloading', percent: 100 });
    case 'no-space':
      return failed(-5, NOTHING);
    case 'url-expired':
      return failed(-3, NOTHING);
    case 'silent':
      return { ...failed(0, NOTHING), failure: 'time-out', resultCode: null };
  }
}

let keys = 0;
async function update(way: Updated, version: Version, by: By | 'nothing'): Promise<Record<string, unknown>> {
  const path = `/v1/devices/${PRODUCT}/${way.name}/ota`;
  const key = `k${++keys}`;
  const withinMs = by === 'silent' ? 1_000 : 600_000;
  const asked = await setup.post(path, { key, firmware: { version }, withinMs });
  expect(asked.body).toMatchObject({ state: 'pushed', attempts: 1 });
  if (by === 'silent') skippedMs += withinMs;
  let isOver = false;
  const latest = async (): Promise<Record<string, unknown> | undefined> => {
    const [row = {}] = (await setup.get(path)).body['updates'] as Record<string, unknown>[];
    return row['key'] === key && ['succeeded', 'failed'].includes(String(row['state'])) ? row : undefined;
  };
  const ended = until(latest, `the end of the update by ${by}`).finally(() => (isOver = true));
  await Promise.all([ended, way.assist(() => isOver)]);
  return ended;
}

function attemptsOf(taskId: string): AttemptRow[] {
  const db = new Database(join(setup.dataDir, 'registry.db'), { readonly: true });
  try {
    return db
      .prepare<[string], AttemptRow>(
        `SELECT attempt, stage, percent FROM ota_attempts JOIN ota_updates USING (update_id) WHERE task_id = ? ORDER BY attempt`,
      )
      .all(taskId);
  } finally {
    db.close();
  }
}

const faults = fc.oneof(
  fc.constant({ by: 'nothing' as const, atPercent: 1 }),
  fc.record({
    fault: fc.constant('ota-fails' as const),
    by: fc.constantFrom<By>(
      'power-lost',
      'connection-lost',
      'wrong-md5',
      'no-space',
      'silent',
      'url-expired',
      'not-applied',
    ),
    atPercent: fc.integer({ min: 1, max: 99 }),
    times: fc.constant(1),
  }),
);

it('every update under any fault ends in the state that its fault leads to, and the tables say which and why', async () => {
  const installed = new Map<string, Version>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...WAYS), faults, async (name, fault) => {
      // A host decides by itself what it runs.
      fc.pre(name !== 'module for its host' || fault.by !== 'not-applied');
      const way = ways.get(name);
      if (way === undefined) throw new Error(`no ${name}`);
      const version = installed.get(name) === '2.0.0' ? '3.0.0' : '2.0.0';
      const expected = expectedOf(fault, SIZES[version]);
      await way.setFault('fault' in fault ? fault : null);
      const ended = await update(way, version, fault.by);
      const { state, failure, resultCode } = ended;
      expect({ state, failure, resultCode, attempts: attemptsOf(String(ended['taskId'])) }).toEqual(expected);
      if (state === 'succeeded') installed.set(name, version);
      const { body } = await setup.get(`/v1/devices/${PRODUCT}/${way.name}`);
      if (installed.has(name)) expect(body).toMatchObject({ firmwareVersion: installed.get(name) });
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});
