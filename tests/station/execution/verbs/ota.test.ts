import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { findRecording, type RunEvent, type RunResult, STATION_ITSELF } from '#station';
import { Fault } from '#shared/domain/fault.ts';
import type { UnitFault } from '../../../../simulator/faults/index.ts';
import type { RegistryOptions } from '#registry';
import { moduleRecipe, parsedRecipe } from '../../../kit/recipes.ts';
import { startProxy } from '../../../kit/registry-proxy.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { simulated, type SimulatedUnits } from '../../../kit/units.ts';
import { LONG } from '../../../support/depth.ts';
import { soon } from '../../../support/patience.ts';
import { until } from '../../../support/until.ts';
import { expectSameAgain } from '../replay/replay-support.ts';

let setup: TestStation<SimulatedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

const CONTENT = randomBytes(40_000);

/** The recipe of the units with a text console, with other steps after the burn. */
function describedBy(steps: string): string {
  const file = join(import.meta.dirname, '../../../../resources/recipes/described-full.yaml');
  const text = readFileSync(file, 'utf8').replace('GWCONSOLE1', PRODUCT);
  const end = text.indexOf('  - name: test\n');
  const version =
    "  - name: version\n    steps: [{ verb: request, text: 'VER?', expect: '^VER GW-CONSOLE-1 2.0$' }]\n";
  return text.slice(0, end) + steps + version;
}

/** A station with a camera on its slot, and its firmware at the registry as `stage` says. */
async function start(
  keys: string,
  stage: 'missing' | 'offline' | 'online',
  faults: readonly UnitFault[] = [],
  profile: 'at-module' | 'camera' | 'described-full' = 'camera',
  registryOptions: Partial<RegistryOptions> = {},
): Promise<{
  readonly run: () => Promise<RunResult>;
  readonly events: RunEvent[];
  readonly stop: () => void;
  /** Takes the firmware offline at the registry. */
  readonly withdraw: () => Promise<unknown>;
}> {
  const steps = `  - name: online
    steps: [{ verb: prove-online, timeoutMs: 20000, confirm: registry }]
  - name: update
    steps: [{ verb: ota, ${keys} }]
`;
  const recipe = profile === 'described-full' ? describedBy(steps) : moduleRecipe({ steps });
  const options = { profile, timeScale: 0.02, faults: { units: { '1': [...faults] } } };
  setup = await startStation({ units: simulated(1, options), registry: 'real', registryOptions });
  const { station } = setup;
  const folder = join(setup.dir, 'package');
  mkdirSync(folder);
  writeFileSync(join(folder, 'camera.bin.ota'), CONTENT);
  writeFileSync(join(folder, 'ota_cfg.json'), '{}');
  const names = { productId: PRODUCT, version: '2.0' };
  const { firmware } = await station.firmware.importFrom(
    [folder],
    names,
    () => undefined,
    STATION_ITSELF,
    soon(),
  );
  const id = firmware.firmwareId;
  if (stage !== 'missing') await station.firmware.upload(id, () => undefined, STATION_ITSELF, soon());
  if (stage === 'online') await station.firmware.setOnline(id, true, STATION_ITSELF, soon());
  const made = { recipe: parsedRecipe(recipe), quantity: 9, firmwareSha256: id };
  const { batchId } = station.batches.create(made, STATION_ITSELF);
  const events: RunEvent[] = [];
  station.onRunEvent((_slot, event) => events.push(event));
  return {
    events,
    run: () => station.startUnit({ batchId, serialNumber: 'SN000001', operator: 'Li', slot: 1 }).finished,
    withdraw: () => station.firmware.setOnline(id, false, STATION_ITSELF, soon()),
    stop: () => void station.slots.stop(1, new Fault('cancelled', 'stopped by Li')),
  };
}

it('updates a unit to the firmware of the batch through a loss of its supply, and a replay is the same', async () => {
  const fault: UnitFault = { fault: 'ota-fails', by: 'power-lost', atPercent: 60, times: 1 };
  const { run, events } = await start('to: batch firmware, withinMs: 60000', 'online', [fault]);
  const result = await run();
  expect(result.failure).toBeNull();
  expect(setup?.values(result)).toMatchObject({
    'ota-from-version': 'QCloud_AT_CAM_v1.0.4',
    'ota-to-version': '2.0',
    'ota-attempts': 2,
    'ota-seconds': expect.any(Number) as number,
  });
  const shown = events.flatMap((event) => (event.kind === 'flash' ? [event.progress] : []));
  expect(shown.at(-1)).toBeNull();
  expect(shown).toContainEqual(expect.objectContaining({ stage: 'connecting', image: '2.0' }));
  await expectSameAgain(setup?.dataDir ?? '', result, 1);
});

it.runIf(LONG)('updates a unit that its recipe describes, and a replay is the same', async () => {
  const { run } = await start('to: batch firmware, withinMs: 60000', 'online', [], 'described-full');
  const result = await run();
  expect(result.failure).toBeNull();
  expect(setup?.values(result)).toMatchObject({ 'ota-to-version': '2.0', 'ota-attempts': 1 });
  await expectSameAgain(setup?.dataDir ?? '', result, 1);
});

it('fails with what the unit says, in both languages', async () => {
  const fault: UnitFault = { fault: 'ota-fails', by: 'wrong-md5', atPercent: 60 };
  const { run } = await start('to: "2.0", withinMs: 60000', 'online', [fault]);
  const { outcome, failure } = await run();
  expect(outcome).toBe('FAIL');
  expect(failure).toMatchObject({
    code: 'ota-failed',
    message: 'dev1 could not install version 2.0: the MD5 differs',
    details: { version: '2.0', code: -4, 'meaning.zh-CN': 'MD5 不一致' },
  });
});

it('says that the firmware is not there when it was taken offline between the order and the download', async () => {
  // Devices reach the registry through another address, as behind a translated one.
  await using proxy = await startProxy('http://127.0.0.1:1');
  const registry = { publicUrl: proxy.url };
  const { run, withdraw } = await start('to: "2.0", withinMs: 60000', 'online', [], 'camera', registry);
  proxy.lead(setup?.registry.service.http ?? '');
  const asked: string[] = [];
  proxy.onQuestion = async (path) => {
    asked.push(path.replace(/[0-9a-f-]{36}.*/, ''));
    await withdraw();
  };
  const { outcome, failure } = await run();
  expect(asked).toEqual(['/v1/firmware/']);
  expect(outcome).toBe('FAIL');
  expect(failure).toMatchObject({
    code: 'ota-failed',
    message: 'dev1 could not install version 2.0: the file does not exist',
    details: { code: -2, 'meaning.zh-CN': '文件不存在' },
  });
});

it('cancels an update that the unit has not begun when its run is stopped', async () => {
  const silent: UnitFault = { fault: 'ota-fails', by: 'silent', atPercent: 60 };
  const { run, events, stop } = await start('to: "2.0", withinMs: 60000', 'online', [silent]);
  const finished = run();
  await until(
    () => events.find((event) => event.kind === 'flash' && event.progress?.stage === 'connecting'),
    'the update on its tile',
  );
  stop();
  expect((await finished).outcome).toBe('ABORTED');
  const reply = await setup?.station.registry()?.updates(PRODUCT, 'dev1', soon());
  expect(reply?.updates).toMatchObject([{ state: 'failed', failure: 'cancelled' }]);
});

it('ends when the unit does not begin, and cancels the update', async () => {
  const { run } = await start('to: "2.0", withinMs: 60000, stallMs: 1000', 'online', [
    { fault: 'ota-fails', by: 'silent', atPercent: 60 },
  ]);
  const { outcome, failure } = await run();
  expect([outcome, failure?.code]).toEqual(['FAIL', 'ota-timeout']);
  expect(failure?.details).toMatchObject({ 'stage.en': 'the unit has not begun', timeoutMs: 1000 });
  const registry = setup?.station.registry();
  const { updates } = (await registry?.updates(PRODUCT, 'dev1', soon())) ?? { updates: [] };
  expect(updates).toMatchObject([{ state: 'failed', failure: 'cancelled', attempts: 1 }]);
});

const STAGES = [
  ['offline', 'Put it online'],
  ['missing', 'Upload it'],
] as const;
it.each(STAGES.slice(0, LONG ? STAGES.length : 1))(
  'says what to do when the firmware is %s at the registry',
  async (stage, hint) => {
    const { run } = await start('to: batch firmware, withinMs: 60000', stage);
    const { outcome, failure } = await run();
    expect([outcome, failure?.code]).toEqual(['ERROR', 'ota-firmware-missing']);
    expect(failure?.hint).toContain(hint);
    expect(failure?.message).toContain('2.0');
  },
);

it('is the host of an AT module: reads the firmware that it has stored, and reports the version', async () => {
  const { run } = await start('host: station, withinMs: 60000', 'online', [], 'at-module');
  const result = await run();
  expect(result.failure).toBeNull();
  expect(setup?.values(result)).toMatchObject({
    'ota-from-version': 'QCloud_AT_ESP8266_v3.2.1',
    'ota-to-version': '2.0',
    'ota-read': CONTENT.length,
    'ota-read-sha256': createHash('sha256').update(CONTENT).digest('hex'),
  });
  // The recording has a digest of the content, and a replay needs no more.
  const packed = readFileSync(findRecording(setup?.dataDir ?? '', result.runId));
  const file = (packed[0] === 0x1f ? gunzipSync(packed) : packed).toString();
  expect(file).toContain(`read from 0, ${CONTENT.length} bytes, SHA-256 `);
  for (const at of [0, 2_048, CONTENT.length - 64])
    expect(file).not.toContain(CONTENT.subarray(at, at + 32).toString('hex'));
  await expectSameAgain(setup?.dataDir ?? '', result, 1);
});
