import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRecording, readRecording, recordingFile } from '#station';
import { Archive } from '../../../../station/execution/recording/archive.ts';
import { type RecordingLimits } from '../../../../station/execution/recording/index.ts';
import { selectExpired } from '../../../../station/core/retention/index.ts';
import { invoke } from '../../../kit/in-process.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { startStation } from '../../../kit/station.ts';
import { simulated } from '../../../kit/units.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';

const DAY = 86_400_000;
const LIMITS: RecordingLimits = { maxAgeDays: 100, maxBytes: 1_000_000_000, keepDays: 7 };

/** A directory with recordings of these ages, all alike. */
function archiveOf(
  dir: string,
  ages: Readonly<Record<string, number>>,
  options: Partial<ConstructorParameters<typeof Archive>[0]> = {},
): {
  readonly log: string[];
  readonly names: () => string[];
  readonly archive: Archive;
} {
  const clock = manualClock();
  mkdirSync(join(dir, 'recordings'), { recursive: true });
  for (const [id, days] of Object.entries(ages)) {
    const file = recordingFile(dir, id);
    writeFileSync(file, `{"gongwei":"recording/2","run":"${id}"}\n${'x'.repeat(2000)}\n`);
    const at = (clock.nowMs() - days * DAY) / 1000;
    utimesSync(file, at, at);
  }
  const log: string[] = [];
  const note = (event: string, fields: object = {}): void =>
    void log.push(`${event} ${JSON.stringify(fields)}`);
  const archive = new Archive({
    dataDir: dir,
    clock,
    log: { info: note, warn: note, error: (event, error) => note(event, { error: String(error) }) },
    limits: () => LIMITS,
    openRuns: () => [],
    hasEnded: () => true,
    isTesting: () => false,
    notBeforeMs: () => null,
    removalGuard: { mayRemove: () => Promise.resolve(true), update: () => undefined },
    ...options,
  });
  return { log, archive, names: () => readdirSync(join(dir, 'recordings')).sort() };
}

describe('the recordings of a station', () => {
  it('are packed when their run is over, and read as before', async () => {
    await using setup = await startStation({ units: simulated(1), registry: 'real', recipe: moduleRecipe() });
    const { runId } = await setup.run(1);
    const packed = recordingFile(setup.dataDir, runId).replace('.jsonl', '.jsonl.gz');
    await expect.poll(() => existsSync(packed)).toBe(true);
    await expect.poll(() => existsSync(recordingFile(setup.dataDir, runId))).toBe(false);
    expect(findRecording(setup.dataDir, runId)).toBe(packed);
    expect(statSync(packed).mode & 0o077).toBe(0);
    const text = gunzipSync(readFileSync(packed)).toString();
    expect(text.length / statSync(packed).size).toBeGreaterThan(2);
    const recording = readRecording(packed);
    expect(recording).toMatchObject({ cutOff: false, header: { runId, station: 'S1' } });

    // A copy that was cut off is read up to there.
    const cut = join(setup.dir, 'cut.gz');
    writeFileSync(cut, readFileSync(packed).subarray(0, Math.floor(statSync(packed).size * 0.7)));
    const rest = readRecording(cut);
    expect(rest.cutOff).toBe(true);
    expect(rest.entries.size).toBeGreaterThan(10);
    expect([...rest.entries.values()]).toEqual([...recording.entries.values()].slice(0, rest.entries.size));
  });

  it('of a killed station are packed at the next start; that of a run in progress is not', async () => {
    using dir = tempDir('archive');
    const { archive, names } = archiveOf(
      dir.path,
      { ended: 1, open: 1, 'open.1': 1, desk: 1 },
      {
        openRuns: () => ['open'],
        hasEnded: (id) => id === 'ended',
      },
    );
    writeFileSync(join(dir.path, 'recordings', 'ended.jsonl.gz.part'), 'half of it');
    await archive.whenIdle();
    expect(names()).toEqual(['desk.jsonl.gz', 'ended.jsonl.gz', 'open.1.jsonl', 'open.jsonl']);
    await archive.close();
  });

  it('are removed by age, and logged', async () => {
    using dir = tempDir('archive');
    const { archive, log, names } = archiveOf(
      dir.path,
      { old: 101, older: 300, open: 400, kept: 99, young: 1 },
      {
        openRuns: () => ['open'],
      },
    );
    await archive.whenIdle();
    expect(names()).toEqual(['kept.jsonl.gz', 'open.jsonl', 'young.jsonl.gz']);
    expect(log.map((line) => line.replace(/"at":"[^"]*"|"bytes":\d+,?/g, ''))).toEqual([
      'recording.swept {"run":"older","because":"age",}',
      'recording.swept {"run":"old","because":"age",}',
      'recordings.swept {"recordings":2,"kept":3,}',
    ]);
    await archive.close();
  });

  it('are not swept while the clock is not believed, nor when their runs came after younger ones', async () => {
    using dir = tempDir('unbelieved');
    const refusing = archiveOf(
      dir.path,
      { a: 200, b: 101 },
      { removalGuard: { mayRemove: () => Promise.resolve(false), update: () => undefined } },
    );
    await refusing.archive.whenIdle();
    expect(refusing.names()).toHaveLength(2);
    await refusing.archive.close();
    const nowMs = manualClock().nowMs();
    const after = archiveOf(dir.path, {}, { notBeforeMs: (id) => (id === 'a' ? nowMs - DAY : null) });
    await after.archive.whenIdle();
    expect(after.names().map((name) => name[0])).toEqual(['a']);
    await after.archive.close();
  });

  it('are swept by size when no unit is being run, the oldest first, and never a young one', async () => {
    using dir = tempDir('archive');
    let isTesting = true;
    const ages = { a: 50, b: 40, c: 30, d: 5 };
    const { archive, log, names } = archiveOf(dir.path, ages, {
      limits: () => ({ ...LIMITS, maxBytes: 1_000_000 }),
      isTesting: () => isTesting,
    });
    await archive.whenIdle();
    expect(names()).toHaveLength(4);
    // A run has ended, and made more of it than there may be.
    const big = recordingFile(dir.path, 'big');
    writeFileSync(big, randomBytes(1_100_000));
    archive.runEnded('big');
    await archive.whenIdle();
    expect(names()).toContain('a.jsonl.gz');
    isTesting = false;
    archive.runEnded('big');
    await archive.whenIdle();
    expect(names()).toEqual(['big.jsonl.gz', 'd.jsonl.gz']);
    const swept = log.filter((line) => line.startsWith('recording.swept'));
    expect(swept.map((line) => /"run":"(.)"/.exec(line)?.[1])).toEqual(['a', 'b', 'c']);
    expect(log.at(-1)).toMatch(/^recordings\.many /);
    await archive.close();
  });

  it('are removed by the rules, for arbitrary files', () => {
    const one = fc.record({
      id: fc.string({ minLength: 1, maxLength: 3 }),
      days: fc.integer({ min: -5, max: 200 }),
      bytes: fc.integer({ min: 0, max: 50 }),
      open: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(one), fc.integer({ min: 0, max: 400 }), (all, maxBytes) => {
        const limits = { ...LIMITS, maxBytes };
        const kept = all.map(({ id, days, bytes }, n) => ({
          path: String(n),
          id: `${n}${id}`,
          packed: true,
          bytes,
          atMs: -days * DAY,
        }));
        const open = new Set(kept.filter((_, n) => all[n]?.open === true).map(({ id }) => id));
        const swept = selectExpired(kept, limits, 0, (id) => open.has(id));
        const gone = new Set(swept.map(({ path }) => path));
        const stays = kept.filter(({ path }) => !gone.has(path));
        const mayGo = (r: (typeof kept)[number]): boolean =>
          -r.atMs > limits.keepDays * DAY && !open.has(r.id);
        for (const r of swept) expect(mayGo(r)).toBe(true);
        // Whatever is left was not to be swept, or there was room for it.
        for (const r of stays.filter(mayGo)) expect(-r.atMs).toBeLessThanOrEqual(limits.maxAgeDays * DAY);
        const size = stays.reduce((sum, { bytes }) => sum + bytes, 0);
        if (size > maxBytes) expect(stays.filter(mayGo).filter(({ bytes }) => bytes > 0)).toEqual([]);
        // Oldest first.
        for (const r of swept.filter(({ because }) => because === 'size'))
          for (const other of stays.filter(mayGo)) expect(other.atMs).toBeGreaterThanOrEqual(r.atMs);
      }),
      { numRuns: 300 },
    );
  });

  it('have the limits of the settings, and doctor reports their number', async () => {
    using dir = tempDir('archive');
    const set = (...more: string[]) => invoke('station', 'configure', '--data', dir.path, '--json', ...more);
    const { events } = await set('--recordings-gb', '3', '--recordings-keep-days', '2');
    expect(events).toMatchObject([{ recordings: { maxAgeDays: 365, maxBytes: 3_000_000_000, keepDays: 2 } }]);
    const refused = await set('--recordings-days', '1');
    expect(refused).toMatchObject({ status: 2, events: [{ event: 'error', code: 'bad-input' }] });
    mkdirSync(join(dir.path, 'recordings'));
    writeFileSync(recordingFile(dir.path, 'r1'), 'x'.repeat(3_000_000));
    const doctor = await invoke('doctor', '--data', dir.path, '--json');
    const check = doctor.events.find((event) => event['name'] === 'recordings');
    expect(check).toMatchObject({ ok: true });
    expect(check?.['message']).toMatch(/^1 recording takes 2 of 2861 MB, the oldest of \d{4}-\d\d-\d\d$/);
  });
});
