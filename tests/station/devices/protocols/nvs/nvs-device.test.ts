import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { device } from '#shared/recipe/index.ts';
import type { Clock, DevicePort } from '../../../../../station/core/platform/index.ts';
import { type DeviceSession, openDevice } from '../../../../../station/devices/protocols/index.ts';
import { readRecording, Recorder, recordingFile } from '../../../../../station/execution/recording/index.ts';
import { ReplayIo } from '../../../../../station/execution/replay/replay-io.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { memoryDir } from '../../../../support/temp-dir.ts';
import { ScriptedEsp } from '../esp/scripted-esp.ts';
import { partitionTable } from './flash-fake.ts';

const TRIPLE = { productId: 'CS0SLTKSYA', deviceName: 'dev1', deviceSecret: 'IyXmUW5sU/q1vnb5yzTkeQ==' };
const SETTINGS = device.parse({
  profile: 'described',
  serial: { baudRate: 115_200 },
  identity: {
    nvs: { chip: 'esp32c3', namespace: 'id', productId: 'pid', deviceName: 'dn', deviceSecret: 'psk' },
  },
});
/** Limits of the chip end at once, after whatever is under way; limits of the station are never reached. */
const clock: Clock = {
  nowMs: () => 0,
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    if (ms >= 20_000) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  },
};

/** What a burn does, step by step. */
async function burn(session: DeviceSession): Promise<unknown[]> {
  const results: unknown[] = [];
  results.push(await session.identify(NEVER_ABORTED));
  results.push(await session.readIdentity(TRIPLE, NEVER_ABORTED));
  await session.prepareWrite(NEVER_ABORTED);
  await session.writeIdentity(TRIPLE, NEVER_ABORTED);
  results.push(await session.readIdentity(TRIPLE, NEVER_ABORTED));
  await session.eraseIdentity(NEVER_ABORTED);
  results.push(await session.readIdentity(null, NEVER_ABORTED));
  return results;
}

const RESULTS = [
  { chipId: '24587CD00142', model: 'ESP32-C3', firmwareVersion: null, id: { kind: 'mac', text: null } },
  { kind: 'none' },
  { kind: 'holds', name: { productId: 'CS0SLTKSYA', deviceName: 'dev1' }, secretMatches: true },
  { kind: 'none' },
];

function chip(): ScriptedEsp {
  const esp = new ScriptedEsp();
  esp.flash.set(partitionTable([[1, 2, 0x9000, 0x6000, 'nvs']]), 0x8000);
  return esp;
}

it('a triple goes into NVS over the boot loader, without a trace of the secret in the recording, and is replayed', async () => {
  using dir = memoryDir();
  const file = recordingFile(dir.path, 'run');
  const esp = chip();
  const open = (port: DevicePort, io: Pick<Recorder, 'clock' | 'mask'>): DeviceSession =>
    openDevice(port, SETTINGS, { clock: io.clock, mask: io.mask }).session;
  {
    using recorder = new Recorder(file, { runId: 'r' }, clock);
    expect(await burn(open(recorder.wrapUnitPort(esp), recorder))).toEqual(RESULTS);
    recorder.recordOutcome({ outcome: 'PASS', failure: null });
  }
  expect(esp.flash.includes(TRIPLE.deviceSecret)).toBe(false);
  const recording = readRecording(file);
  const kinds = [...recording.entries.values()].map((entry) => ('kind' in entry ? entry.kind : entry.type));
  expect(kinds).not.toContain('rx');
  expect(kinds).not.toContain('tx');
  const written = readFileSync(file);
  const text = written[0] === 0x1f ? gunzipSync(written).toString() : written.toString();
  for (const form of ['utf8', 'hex', 'base64'] as const)
    expect(text).not.toContain(Buffer.from(TRIPLE.deviceSecret).toString(form));

  using replay = new ReplayIo(recording, clock);
  const port = replay.wrapPort(0, esp.path);
  let replayed: unknown = null;
  const run = (async () => {
    replayed = await burn(open(port, replay as unknown as Recorder));
    replay.recordOutcome({ outcome: 'PASS', failure: null });
  })();
  await replay.scheduler.run(() => replayed !== null);
  await run;
  expect(replayed).toEqual(RESULTS);
  expect(replay.result.differences).toEqual([]);
});
