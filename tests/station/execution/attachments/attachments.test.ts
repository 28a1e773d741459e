import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findRecording, readRecording, replayRun, type RunResult, STATION_ITSELF } from '#station';
import { verifyAll } from '../../../../station/core/audit-log/index.ts';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { scripted } from '../../../kit/units.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { soon } from '../../../support/patience.ts';
import { until } from '../../../support/until.ts';

let setup: TestStation | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const attaching = (body: string): Record<string, string> => ({
  'own.ts': `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ unit, fail }) => { ${body} });`,
});
const SCRIPT = '- { verb: script, name: own, file: own.ts }';

async function start(steps: string, files: Record<string, string> = {}): Promise<TestStation> {
  setup = await startStation({
    units: scripted([() => undefined]),
    recipe: parsedRecipe(describedRecipe(steps), files),
  });
  return setup;
}

function attachmentsOf({ runId }: RunResult): object[] {
  return setup!.station.database.attachments
    .listOfRun(runId)
    .map(({ name, mediaType, bytes, madeBy, sha256: digest }) => ({
      name,
      mediaType,
      bytes,
      madeBy,
      digest,
    }));
}

async function replayed({ runId }: RunResult): Promise<object> {
  return replayRun(readRecording(findRecording(setup!.dataDir, runId)), {}, soon());
}

describe('a file that a script makes', () => {
  it('is stored under its digest, with what it is by its bytes, and a replay agrees', async () => {
    await start(
      SCRIPT,
      attaching(`await unit.attach('curve.csv', 't,V\\n0,3.3\\n');
        await unit.attach('fake.png', '<svg onload="alert(1)"/>', { type: 'image/svg+xml' });
        await unit.attach('wave', new Uint8Array([1, 2, 0, 3]));
        await unit.attach('values', '{"a": 1}', { type: 'application/json' });
        await unit.attach('CURVE.csv', 'x');`),
    );
    const result = await setup!.run();
    expect(result.failure).toBeNull();
    const csv = 't,V\n0,3.3\n';
    expect(attachmentsOf(result)).toMatchObject([
      { name: 'curve.csv', mediaType: 'text/csv', bytes: csv.length, madeBy: 'script', digest: sha256(csv) },
      { name: 'fake.png', mediaType: 'text/plain' },
      { name: 'wave', mediaType: 'application/octet-stream', bytes: 4 },
      { name: 'values', mediaType: 'application/json' },
      { name: 'CURVE-2.csv', mediaType: 'text/csv' },
    ]);
    const folder = join(setup!.dataDir, 'attachments');
    expect(readFileSync(join(folder, sha256(csv)), 'utf8')).toBe(csv);
    // No markers and no temporary files are left.
    expect(readdirSync(folder).every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
    expect(await replayed(result)).toMatchObject({ replayed: 'PASS', same: true });
  });

  it('may be longer than a message of a script, in text and in bytes', async () => {
    await start(
      SCRIPT,
      attaching(`const name = await unit.attach('long.txt', '😀é'.repeat(200000));
        await unit.attach('long.bin', new Uint8Array(1500000).fill(0xff));
        if (name !== 'long.txt') fail(name);`),
    );
    const result = await setup!.run();
    expect(result.failure).toBeNull();
    expect(attachmentsOf(result)).toMatchObject([
      { digest: sha256('😀é'.repeat(200_000)), mediaType: 'text/plain' },
      { digest: sha256(Buffer.alloc(1_500_000, 0xff)) },
    ]);
  });

  it('has a harmless name, whatever the script says', async () => {
    await start(
      SCRIPT,
      attaching(`for (const name of ['../../etc/passwd', 'C:\\\\x\\\\con.txt', 'a'.repeat(300) + '.log', 'a\\u0000\\u202eb.txt', '...'])
        await unit.attach(name, 'x');`),
    );
    const names = attachmentsOf(await setup!.run()).map((one) => (one as { name: string }).name);
    expect(names).toEqual(['passwd', '_con.txt', `${'a'.repeat(96)}.log`, 'a__b.txt', 'attachment']);
  });

  it('is one too many beyond the bounds of a run, and the step names the file', async () => {
    await start(SCRIPT, attaching(`for (let i = 0; i < 40; i++) await unit.attach('n' + i, String(i));`));
    const result = await setup!.run();
    expect(result.failure).toMatchObject({ code: 'attachment-refused', details: { name: 'n32' } });
    // Those before are kept with the attempt that failed.
    expect(attachmentsOf(result)).toHaveLength(32);
  });
});

describe('a photo', () => {
  const PHOTO = '- { verb: prompt, kind: photo, name: plate, ask: { zh-CN: 拍, en: Photo }, attach: back }';

  async function answered(bytes: Buffer): Promise<RunResult> {
    const { station } = setup!;
    station.onRunEvent((slot, event) => {
      if (event.kind !== 'prompt' || event.prompt === null) return;
      const { promptId } = event.prompt;
      queueMicrotask(() => station.prompts.answerPhoto(slot, promptId, { name: 'x.png', bytes }));
    });
    return setup!.run();
  }

  it('belongs to the run with its bytes as they came, and a replay has it', async () => {
    await start(PHOTO);
    const result = await answered(PNG);
    expect(result.failure).toBeNull();
    expect(attachmentsOf(result)).toEqual([
      { name: 'back.png', mediaType: 'image/png', bytes: PNG.length, madeBy: 'prompt', digest: sha256(PNG) },
    ]);
    expect(await replayed(result)).toMatchObject({ replayed: 'PASS', same: true });
  });

  it('is not answered by a text, nor by a file that is no picture', async () => {
    await start(PHOTO);
    const running = setup!.run();
    const { prompts, scans } = setup!.station;
    await until(() => prompts.at(1) !== null, 'the question');
    const { promptId } = prompts.at(1)!.prompt;
    expect(await faultOf(() => prompts.answer(1, promptId, 'ok'))).toMatchObject({ code: 'bad-input' });
    const html = { name: 'x.png', bytes: Buffer.from('<html>') };
    expect(await faultOf(() => prompts.answerPhoto(1, promptId, html))).toMatchObject({ code: 'bad-input' });
    // A scanned stop still stops.
    scans.scan('#GW#STOP#', null, 'Li');
    expect(await running).toMatchObject({ outcome: 'ABORTED' });
  });
});

describe('a file that a program leaves', () => {
  const tool = (attach: string): string => `- verb: run-tool
  name: vendor
  command: [vendor, '{file:input.txt}']
  attach: ${attach}`;

  async function run(attach: string, script: string): Promise<RunResult> {
    await start(tool(attach), { 'input.txt': 'input' });
    const path = join(setup!.dir, 'vendor.sh');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    await setup!.station.tools.add('vendor', path, STATION_ITSELF);
    return setup!.run();
  }

  it('belongs to the run when its name matches, without links and without the copies that the program got', async () => {
    const result = await run(
      `['*.log', 'out/*.csv', '*.txt']`,
      `mkdir out; echo log > a.log; echo 1,2 > out/b.csv; echo t > own.txt; ln -s /etc/passwd c.log`,
    );
    expect(result.failure).toBeNull();
    expect(attachmentsOf(result)).toMatchObject([
      { name: 'a.log', madeBy: 'tool', digest: sha256('log\n') },
      { name: 'b.csv', mediaType: 'text/csv' },
      { name: 'own.txt' },
    ]);
    expect(await replayed(result)).toMatchObject({ replayed: 'PASS', same: true });
  });

  it('that is not there fails the step, and is kept when the program failed', async () => {
    expect((await run(`['trace.csv']`, 'true')).failure).toMatchObject({ code: 'tool-failed' });
    await setup![Symbol.asyncDispose]();
    const failed = await run(`['trace.csv']`, 'echo 1 > trace.csv; exit 3');
    expect(failed.failure?.message).toContain('status 3');
    expect(attachmentsOf(failed)).toHaveLength(1);
  });
});

describe('the files of attachments', () => {
  const verify = () => verifyAll(setup!.dataDir, () => Promise.resolve(null), soon());

  it('are compared with the record: a changed, a missing and an exchanged one are named', async () => {
    await start(
      SCRIPT,
      attaching(`for (const name of ['a.txt', 'b.txt', 'c.txt', 'd.txt']) await unit.attach(name, name);`),
    );
    const result = await setup!.run();
    expect((await verify()).attachments).toEqual({ files: 4, damaged: [], damagedCount: 0 });
    const pathOf = (text: string): string => join(setup!.dataDir, 'attachments', sha256(text));
    chmodSync(pathOf('a.txt'), 0o600);
    writeFileSync(pathOf('a.txt'), 'a.txT');
    writeFileSync(pathOf('b.txt'), 'c.txt');
    rmSync(pathOf('d.txt'));
    const { attachments, records } = await verify();
    expect(attachments.damaged.toSorted((x, y) => (x.name < y.name ? -1 : 1))).toEqual([
      { runId: result.runId, name: 'a.txt', what: 'changed' },
      { runId: result.runId, name: 'b.txt', what: 'exchanged' },
      { runId: result.runId, name: 'd.txt', what: 'missing' },
    ]);
    expect(records.tampered).toEqual([]);
  });

  it('without a record are removed by the next start, and others stay', async () => {
    await start('- { verb: wait, ms: 1 }');
    await setup!.run();
    const folder = join(setup!.dataDir, 'attachments');
    mkdirSync(folder, { recursive: true });
    const [orphan, restored] = [sha256('orphan'), sha256('restored')];
    for (const name of [orphan, `${orphan}.run-1.new`, restored, 'x.part'])
      writeFileSync(join(folder, name), '');
    symlinkSync('/nowhere', join(folder, 'other'));
    await setup!.restart();
    expect(readdirSync(folder).sort()).toEqual([restored, 'other'].sort());
    expect(existsSync(join(folder, restored))).toBe(true);
  });
});
