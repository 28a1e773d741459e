import { describe, expect, it } from 'vitest';
import type { SimulatorOptions } from '#simulator';
import { unitFault, type UnitFault } from '../../../../simulator/faults/index.ts';
import { stoppedBy } from '../../../../station/execution/slots/index.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { nextRunEvent, startStation, type TestStation } from '../../../kit/station.ts';
import { simulated, type SimulatedUnits } from '../../../kit/units.ts';
import { LONG } from '../../../support/depth.ts';
import { until } from '../../../support/until.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { findRecordings, readRecording, replayRun } from '#station';
import { filesWith } from '../../../support/files-below.ts';

const BY = { user: 'Li', role: 'engineer' } as const;
const LINE = { ssid: 'Line 3, "test" 线', password: 'p,w"d\\test-12345' };
const FACTORY_STATE = { fault: 'no-wifi' } as const;

interface Ports {
  readonly provisioning: number;
  readonly log: number;
}

type Written = Parameters<typeof unitFault.parse>[0];

/** A station with one module that knows no network, and with the network of the line. */
async function lineOf(
  faults: readonly Written[],
  steps: (ports: Ports) => string,
  more: Partial<SimulatorOptions> = {},
): Promise<TestStation<SimulatedUnits>> {
  let ports = { provisioning: 0, log: 0 };
  const units = simulated(1, {
    wifi: [LINE],
    udp: true,
    faults: { units: { 1: [FACTORY_STATE, ...faults].map((fault): UnitFault => unitFault.parse(fault)) } },
    ...more,
  } as never);
  const line = await startStation({
    registry: 'real',
    units: async (...given) => {
      const started = await units(...given);
      const opened = started.simulator.events.find((event) => event.event === 'sim.udp');
      if (opened?.event === 'sim.udp') ports = opened;
      return started;
    },
    // Read when the units have their ports.
    get recipe() {
      return moduleRecipe({ steps: steps(ports) });
    },
  });
  line.station.networks.set({ name: 'line', ...LINE }, BY);
  return line;
}

describe('a module with an empty store', () => {
  it('is joined, pointed to the registry, proven online, and has neither network nor server afterwards', async () => {
    await using line = await lineOf(
      [],
      () => `  - name: online
    steps:
      - { verb: join-wifi, network: line, rssi: { min: -60 } }
      - { verb: point-to-registry }
      - { verb: prove-online, timeoutMs: 20000, confirm: registry }
`,
    );
    const result = await line.run();
    expect(result).toMatchObject({ outcome: 'PASS', failure: null });
    expect(line.values(result)).toMatchObject({
      'wifi-rssi': -48,
      online: 'registry',
      'registry-host': '127.0.0.1',
    });
    await using terminal = await line.units.simulator.talkTo();
    expect(await terminal.ask('AT+CWJAP?')).toContain('No AP');
    expect(await terminal.ask('AT+TCMQTTSRV?')).toContain('NULL');
    expectNoSecret(line);
  });
});

const SOFT_AP = ({ provisioning, log }: Ports): string => `  - name: provision
    steps:
      - { verb: point-to-registry }
      - { verb: provision-softap, network: line, at: '127.0.0.1:${provisioning}', logPort: ${log}, withinMs: 60000 }
      - { verb: unbind }
`;

describe('a module that is provisioned by its access point', () => {
  it('takes network and token from the station, is bound, and forgets both; the recording replays', async () => {
    await using line = await lineOf([{ fault: 'previous-error', times: 1 }], SOFT_AP);
    const result = await line.run();
    expect(result).toMatchObject({ outcome: 'PASS', failure: null });
    expect(line.values(result)).toMatchObject({ 'registry-host': '127.0.0.1' });
    expect(line.values(result)['seconds-to-online']).toBeGreaterThan(0);
    await using terminal = await line.units.simulator.talkTo();
    expect(await terminal.ask('AT+CWJAP?')).toContain('No AP');
    expectNoSecret(line);
    const [path = ''] = findRecordings(line.dataDir, result.runId);
    const recording = readRecording(path);
    const recorded = JSON.stringify([...recording.entries.values()]);
    expect(recorded).toContain('ESP WIFI connect error! (10, 2)');
    expect(recorded).not.toContain('v3_');
    expect(await replayRun(recording, {}, NEVER_ABORTED)).toMatchObject({ same: true, differences: [] });
  });

  it.each([
    ['a wrong password', [], { ssid: LINE.ssid, password: 'another-one' }, 'provisioning-refused', '10, 2'],
    [
      'a network that is not there',
      [],
      { ssid: 'elsewhere', password: 'x2345678' },
      'provisioning-refused',
      '10, 3',
    ],
  ] as const)('says why it has not joined: %s', async (_, faults, network, code, said) => {
    await using line = await lineOf(faults, SOFT_AP);
    line.station.networks.set({ name: 'line', ...network }, BY);
    const result = await line.run();
    expect(result).toMatchObject({ outcome: 'FAIL', failure: { code, details: { code: said } } });
    const { values: _values, ...failure } = result.failure as never as Record<string, unknown>;
    expect(JSON.stringify(failure)).not.toContain(network.password);
  });

  it.runIf(LONG)('that does not report its token is a time-out with what was seen', async () => {
    await using line = await lineOf([{ fault: 'token-lost' }], (ports) =>
      SOFT_AP(ports).replace('60000', '3000'),
    );
    expect(await line.run()).toMatchObject({ outcome: 'FAIL', failure: { code: 'provisioning-timeout' } });
  });

  it.runIf(LONG)('is not asked to lose a network that it has stored', async () => {
    await using line = await lineOf([], SOFT_AP, {
      wifi: [LINE, { ssid: 'GW-LINE' }],
    } as never);
    await line.units.simulator.inner.changeFaults(1, { clear: true });
    const result = await line.run();
    expect(result).toMatchObject({ outcome: 'FAIL', failure: { code: 'device-rejected' } });
    expect(result.failure?.message).toContain('would lose');
    await using terminal = await line.units.simulator.talkTo();
    expect(await terminal.ask('AT+CWJAP?')).toContain('"GW-LINE"');
  });
});

describe('a module that is provisioned by SmartConfig', () => {
  it('joins what a sender gives it by radio, and takes its token from the station', async () => {
    await using line = await lineOf(
      [],
      ({ provisioning }) => `  - name: provision
    steps:
      - { verb: point-to-registry }
      - { verb: provision-smartconfig, network: line, at: '127.0.0.1:${provisioning}', withinMs: 60000 }
      - { verb: unbind }
`,
    );
    const { inner } = line.units.simulator;
    const phone = sendUntilHeard(() => inner.stimulate(1, { kind: 'smartConfig', ...LINE }));
    const result = await line.run();
    await phone;
    expect(result).toMatchObject({ outcome: 'PASS', failure: null });
    expect(line.values(result)['seconds-to-online']).toBeGreaterThan(0);
    await using terminal = await line.units.simulator.talkTo();
    expect(await terminal.ask('AT+CWJAP?')).toContain('No AP');
    expectNoSecret(line);
  });
});

describe('a run that is stopped while its module is joined', () => {
  it('leaves the module as it was', async () => {
    await using line = await lineOf(
      [],
      () => `  - name: online
    steps:
      - { verb: join-wifi, network: line }
      - { verb: wait, name: long, ms: 600000, timeoutMs: 700000 }
`,
    );
    const run = line.station.startUnit({
      batchId: line.batchId,
      serialNumber: line.units.serialOf(1),
      operator: 'Li',
      slot: 1,
    });
    await nextRunEvent(line.station, 1, 'step', ({ step }) => step.name === 'long');
    line.station.slots.stop(1, stoppedBy('Li'));
    expect(await run.finished).toMatchObject({ outcome: 'ABORTED' });
    await using terminal = await line.units.simulator.talkTo();
    expect(await terminal.ask('AT+CWJAP?')).toContain('No AP');
  });
});

/** A phone repeats its packets until the module listens for them. */
async function sendUntilHeard(send: () => Promise<void>): Promise<void> {
  const isHeard = (): Promise<boolean> =>
    send().then(
      () => true,
      () => false,
    );
  await until(isHeard, 'a module that listens for SmartConfig');
}

/** No file of the station has the password, as it is or escaped for a command or in JSON. */
function expectNoSecret(line: TestStation<SimulatedUnits>): void {
  const { password } = LINE;
  const forms = [password, password.replace(/[\\",]/g, '\\$&'), JSON.stringify(password).slice(1, -1)];
  expect(filesWith(line.dataDir, ...forms)).toEqual([]);
}
