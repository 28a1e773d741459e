import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../shared/domain/fault.ts';
import {
  findThreadProgram,
  HEAVY_THREADS,
  type HeavyJob,
  type HeavyThread,
  runHeavy,
} from '../../../../station/core/heavy-work/index.ts';
import { VERIFY_JOB } from '../../../../station/core/signed-files/index.ts';
import {
  createFontBook,
  renderLabel,
  renderLabelBeside,
  requireTemplate,
  sampleLabel,
} from '../../../../station/results/labels/index.ts';
import { LONG } from '../../../support/depth.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { pngOf } from '../../results/labels/png-of.ts';
import { BALANCE, signed } from '../signed-files/sample-documents.ts';

/** What ran in other threads during some work. */
async function threadsOf(work: () => Promise<unknown>): Promise<HeavyThread[]> {
  const found: HeavyThread[] = [];
  const add = (message: unknown): number => found.push(message as HeavyThread);
  subscribe(HEAVY_THREADS, add);
  try {
    await work();
  } finally {
    unsubscribe(HEAVY_THREADS, add);
  }
  return found;
}

const SIGNAL = { signal: NEVER_ABORTED };
const HERE = { ...SIGNAL, onProgress: () => undefined };

describe('heavy work', () => {
  it('verifies a signed file in a thread of its own, with the verdict of this one', async () => {
    using dir = tempDir('heavy');
    const path = join(dir.path, 'balance.json');
    writeFileSync(path, signed(BALANCE));
    const ran = await threadsOf(async () => {
      expect(await runHeavy(VERIFY_JOB, { path }, SIGNAL)).toEqual(await VERIFY_JOB.run({ path }, HERE));
    });
    expect(ran).toEqual([{ job: 'verify-signed-file', threadId: expect.any(Number) as number }]);
    expect(ran[0]?.threadId).not.toBe(threadId);
  });

  it('draws a label with a large picture in a thread of its own, and a small one here', async () => {
    const rows = Array.from({ length: 400 }, (_, y) =>
      Array.from({ length: 400 }, (_, x) => ((x * 7919 + y * 104_729) % 13 < 6 ? 0 : 255)),
    );
    const label = (element: string) =>
      sampleLabel(
        requireTemplate(
          `gongwei: label/1\nname: t\ntitle: { zh-CN: t, en: t }\nsize: { width: 40, height: 30 }\nelements:\n  - ${element}\n`,
          't',
        ),
      );
    const picture = label(
      `{ kind: image, x: 1, y: 1, width: 34, height: 28, png: ${pngOf(400, 400, 0, 8, rows)} }`,
    );
    const line = label('{ kind: line, x: 1, y: 1, width: 34, height: 1 }');
    const fonts = createFontBook();
    const ran = await threadsOf(async () => {
      for (const one of [picture, line]) {
        const drawn = await renderLabelBeside(one, 'zpl', { dpi: 203, fonts }, NEVER_ABORTED);
        expect(Buffer.from(drawn).equals(await renderLabel(one, 'zpl', { dpi: 203, fonts }))).toBe(true);
      }
    });
    expect(ran.map(({ job }) => job)).toEqual(['label']);
  });

  it('ends the thread of a job that is cancelled, with the reason of the caller', async () => {
    using dir = tempDir('heavy');
    const endless = join(dir.path, 'endless.mjs');
    const begun =
      "import { parentPort } from 'node:worker_threads'; parentPort.postMessage({ kind: 'begun' });";
    writeFileSync(endless, `${begun} for (;;);`);
    const job: HeavyJob<null, null> = { name: 'endless', isPure: true, run: () => Promise.resolve(null) };
    const abort = new AbortController();
    const stop = (): void => abort.abort(new Fault('cancelled', 'the page was closed'));
    subscribe(HEAVY_THREADS, stop);
    try {
      expect(await faultOf(() => runHeavy(job, null, { signal: abort.signal }, endless))).toMatchObject({
        code: 'cancelled',
        message: 'the page was closed',
      });
    } finally {
      unsubscribe(HEAVY_THREADS, stop);
    }
  });

  it('runs in this thread where a host cannot start another one', async () => {
    using dir = tempDir('heavy');
    const path = join(dir.path, 'balance.json');
    writeFileSync(path, signed(BALANCE));
    const broken = join(dir.path, 'broken.mjs');
    writeFileSync(broken, "import 'no-such-package';");
    for (const program of [null, broken]) {
      const ran = await threadsOf(async () => {
        expect(await runHeavy(VERIFY_JOB, { path }, SIGNAL, program)).toMatchObject({ whole: true });
      });
      expect(ran).toEqual([]);
    }
  });

  it.runIf(LONG)('refuses a job that takes all memory of its thread', async () => {
    using dir = tempDir('heavy');
    const greedy = join(dir.path, 'greedy.mjs');
    writeFileSync(greedy, 'const all = []; for (;;) all.push(new Array(1000).fill(all.length));');
    const job: HeavyJob<null, null> = { name: 'greedy', isPure: true, run: () => Promise.resolve(null) };
    expect(await faultOf(() => runHeavy(job, null, SIGNAL, greedy))).toMatchObject({ code: 'bad-input' });
  });

  it('has its program beside the code', () => {
    expect(findThreadProgram()).toMatch(/station[\\/]heavy-worker\.ts$/);
  });
});
