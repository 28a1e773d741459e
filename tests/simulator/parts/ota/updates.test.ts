import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UnitFault } from '../../../../simulator/faults/index.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import type { Terminal } from '../../../kit/terminal.ts';
import {
  contentOf,
  type FirmwareSetup,
  startFirmwareRegistry,
} from '../../../registry/firmware/firmware-registry.ts';
import {
  lease,
  type LeasedTriple,
  PRODUCT,
  type RegistrySetup,
} from '../../../registry/support/registry-fixture.ts';
import { LONG } from '../../../support/depth.ts';
import { until } from '../../../support/until.ts';

const CONTENT = contentOf(300_007, 'unit');

let setup: FirmwareSetup;
let firmwareId: string;
let triple: LeasedTriple;
beforeAll(async () => {
  setup = await startFirmwareRegistry();
  ({ firmwareId } = await setup.publish(CONTENT, { version: '2.0' }));
  triple = (await lease(setup as RegistrySetup, 1))[0] as LeasedTriple;
});
afterAll(() => setup[Symbol.asyncDispose]());

const setFirmware = (state: 'online' | 'offline'): Promise<unknown> =>
  setup.post(`/v1/firmware/${firmwareId}/state`, { state });
const path = (): string => `/v1/devices/${PRODUCT}/${triple.deviceName}/ota`;
type Reply = Readonly<Record<string, unknown>>;
let asked = 0;
const ask = async (): Promise<Reply> => {
  const body = { key: `k${++asked}`, firmware: { version: '2.0' }, withinMs: 600_000 };
  return (await setup.post(path(), body)).body;
};
const latest = async (): Promise<Reply> => ((await setup.get(path())).body['updates'] as Reply[])[0] ?? {};
const ended = (): Promise<Reply> =>
  until(async () => {
    const update = await latest();
    return ['succeeded', 'failed'].includes(String(update['state'])) ? update : undefined;
  }, 'the end of the update');

function start(profile: 'camera' | 'at-module', faults: readonly UnitFault[]): Promise<TestSimulator> {
  const options = {
    profile,
    mqttUrl: setup.registry.mqtt,
    timeScale: 0.01,
    faults: { units: { '1': [...faults] } },
  };
  return TestSimulator.start(options);
}

const device = async (): Promise<Reply> =>
  (await setup.get(`/v1/devices/${PRODUCT}/${triple.deviceName}`)).body;

async function burn(terminal: Terminal): Promise<void> {
  const { deviceName, deviceSecret } = triple;
  await terminal.ask(
    `AT+TCDEVINFOSET=1,"${PRODUCT}","${deviceName}","${deviceSecret}"`,
    /TCDEVINFOSET:.*OK\r\n/,
  );
}

async function logIn(simulator: TestSimulator): Promise<Terminal> {
  const terminal = await simulator.talkTo();
  await burn(terminal);
  await terminal.ask('AT+TCMQTTCONN=1,5000,240,1,0', /TCMQTTCONN:OK\r\n/);
  return terminal;
}

describe('a camera that updates itself', () => {
  it('downloads, restarts, logs in by itself and runs the new version', async () => {
    await using simulator = await start('camera', []);
    await using terminal = await logIn(simulator);
    await ask();
    expect(await ended()).toMatchObject({ state: 'succeeded', attempts: 1, stage: 'done', percent: 100 });
    await terminal.expect(/ready\r\n/);
    await terminal.ask('ATE0');
    expect(await terminal.ask('AT+TCMODULE')).toContain('2.0');
    expect(await terminal.ask('AT+TCMQTTSTATE?')).toContain('+TCMQTTSTATE:1');
    expect(await device()).toMatchObject({ connection: 'online', firmwareVersion: '2.0' });
  });

  it('logs in by itself also when it was provisioned by a code', async () => {
    await using simulator = await start('camera', []);
    await using terminal = await simulator.talkTo();
    await burn(terminal);
    // The registry refuses this token, and the camera stays online.
    const code = '07GW-LINE12gongwei-line05token';
    await simulator.inner.stimulate(1, { kind: 'scan', code });
    await until(async () => (await device())['connection'] === 'online' || undefined, 'the login');
    await ask();
    expect(await ended()).toMatchObject({ state: 'succeeded', attempts: 1 });
    expect(await device()).toMatchObject({ connection: 'online', firmwareVersion: '2.0' });
  });

  it.runIf(LONG)('continues at 60 % after it lost its supply', async () => {
    await using simulator = await start('camera', [
      { fault: 'ota-fails', by: 'power-lost', atPercent: 60, times: 1 },
    ]);
    await using terminal = await logIn(simulator);
    await ask();
    expect(await ended()).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect(await terminal.ask('AT+TCMODULE')).toContain('2.0');
  });

  const failures = [
    ['url-expired', -3],
    ['wrong-md5', -4],
    ['no-space', -5],
  ] as const;
  it.each(failures.slice(0, LONG ? failures.length : 1))(
    'with the fault %s reports %i and keeps its firmware',
    async (by, resultCode) => {
      await using simulator = await start('camera', [{ fault: 'ota-fails', by, atPercent: 60, times: 1 }]);
      await using terminal = await logIn(simulator);
      await ask();
      expect(await ended()).toMatchObject({ state: 'failed', failure: 'device', resultCode });
      expect(await terminal.ask('AT+TCMODULE')).not.toContain('2.0');
      // The next update succeeds.
      await ask();
      expect(await ended()).toMatchObject({ state: 'succeeded' });
    },
  );

  it('learns from the registry that the firmware was taken offline, and reports −2', async () => {
    expect(await ask()).toMatchObject({ state: 'pending' });
    await setFirmware('offline');
    await using simulator = await start('camera', []);
    await using terminal = await logIn(simulator);
    expect(await ended()).toMatchObject({ state: 'failed', failure: 'device', resultCode: -2, stage: null });
    expect(await terminal.ask('AT+TCMODULE')).not.toContain('2.0');
    await setFirmware('online');
  });
});

it('a described unit updates itself too, through a loss of its supply, and says its new version', async () => {
  await using simulator = await TestSimulator.start({
    profile: 'described-full',
    mqttUrl: setup.registry.mqtt,
    timeScale: 0.01,
    faults: { units: { '1': [{ fault: 'ota-fails', by: 'power-lost', atPercent: 60, times: 1 }] } },
  });
  await using terminal = await simulator.seeBoot();
  await terminal.expect(/READY\r\n/);
  const say = async (line: string, answer: RegExp): Promise<void> => {
    await terminal.write(`${line}\r\n`);
    await terminal.expect(answer);
  };
  await say(`SETID ${PRODUCT} ${triple.deviceName} ${triple.deviceSecret}`, /OK\r\n/);
  await say('LOGIN', /ONLINE\r\n/);
  await ask();
  expect(await ended()).toMatchObject({ state: 'succeeded', attempts: 2 });
  await say('VER?', /VER GW-CONSOLE-1 2\.0\r\n/);
});

describe('an AT module with updates for its host', () => {
  it('stores the firmware, gives it to the host, and reports the version that the host says', async () => {
    await using simulator = await start('at-module', [
      { fault: 'ota-fails', by: 'connection-lost', atPercent: 60, times: 1 },
    ]);
    await using terminal = await logIn(simulator);
    await terminal.ask('AT+TCOTASET=1,"1.0"', /TCOTASET:OK\r\n/);
    await ask();
    await terminal.expect(/\+TCOTASTATUS:ENTERUPDATE\r\n/);
    await terminal.expect(/\+TCOTASTATUS:UPDATESUCCESS\r\n/);
    expect(await latest()).toMatchObject({ state: 'updating', stage: 'done', attempts: 1 });
    const md5 = createHash('md5').update(CONTENT).digest('hex');
    expect(await terminal.ask('AT+TCFWINFO?', /OK\r\n\+TCFWINFO:.*\r\n$/)).toContain(
      `+TCFWINFO:"2.0",${CONTENT.length},"${md5}",`,
    );
    const read = (bytes: number): Promise<string> =>
      terminal.ask(
        `AT+TCREADFWDATA=${bytes}`,
        new RegExp(`OK\\r\\n\\+TCREADFWDATA:${bytes},[^]{${bytes}}\\r\\n$`),
      );
    expect(await read(2048)).toContain(`:2048,${CONTENT.toString('latin1', 0, 2048)}\r\n`);
    expect(await read(16)).toContain(`:16,${CONTENT.toString('latin1', 2048, 2064)}\r\n`);
    await terminal.ask('AT+TCOTASET=1,"2.0"', /TCOTASET:OK\r\n/);
    expect(await ended()).toMatchObject({ state: 'succeeded', fromVersion: expect.any(String) as string });
  });
});
