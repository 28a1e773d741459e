import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { writeReport } from '../../../../station/results/reports/index.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { addAttached, addRuns, addSampleBatch } from './sample-batch.ts';

interface OpenHtf {
  readonly metadata: { readonly gongwei: { readonly attachments?: readonly { content: string }[] } };
  readonly phases: readonly {
    readonly name: string;
    readonly attachments: Readonly<Record<string, object>>;
  }[];
}

const sum = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('hex');

describe('the files of a run in documents for other programs', () => {
  let dir: ReturnType<typeof tempDir>;
  let database: WritableDatabase;
  beforeEach(() => {
    dir = tempDir('attached');
    database = openStationDatabase(join(dir.path, 'data'));
    addSampleBatch(database);
  });
  afterEach(() => {
    database.close();
    dir[Symbol.dispose]();
  });

  async function write(format: 'atml' | 'openhtf' | 'wsjf', runId: string): Promise<string> {
    const path = join(dir.path, format);
    await writeReport(database, { kind: 'run', runId }, path, { format, signal: NEVER_ABORTED });
    return readFileSync(path, 'utf8');
  }
  const openhtf = async (runId: string): Promise<OpenHtf> =>
    JSON.parse(await write('openhtf', runId)) as OpenHtf;
  const stored = (bytes: Uint8Array): string => join(dir.path, 'data', 'attachments', sum('sha256', bytes));

  it('are in the phases of OpenHTF JSON when they are small, and all are named in its metadata', async () => {
    const small = Buffer.from('t,V\n0,3.3\n');
    const files = [
      { name: '__proto__', bytes: small },
      ...Array.from({ length: 5 }, (_, n) => ({ name: `n${n}`, bytes: Buffer.alloc(250_000, n + 1) })),
      { name: 'large', bytes: Buffer.alloc(256 * 1024 + 1, 9) },
      { name: 'last', bytes: Buffer.from('x') },
    ];
    addAttached(database, dir.path, { runId: 'a', startedAtMs: 5, outcome: 'PASS', files });
    const record = await openhtf('a');
    expect(record.metadata.gongwei.attachments).toMatchObject([
      { phase: 'main', step: 'attach', attempt: 1, name: '__proto__', sha256: sum('sha256', small), content: 'embedded' },
      ...[0, 1, 2, 3].map((n) => ({ name: `n${n}`, content: 'embedded' })),
      { name: 'n4', content: 'too-large' },
      { name: 'large', bytes: 262_145, content: 'too-large' },
      { name: 'last', content: 'embedded' },
    ]); // prettier-ignore
    const [phase] = record.phases;
    expect(Object.keys(phase?.attachments ?? {})).toEqual(['__proto__', 'n0', 'n1', 'n2', 'n3', 'last']);
    expect(Object.values(phase?.attachments ?? {})[0]).toEqual({
      data: small.toString('base64'),
      mimetype: 'application/octet-stream',
      sha1: sum('sha1', small),
    });
    expect(await write('openhtf', 'a')).toBe(await write('openhtf', 'a'));
  });

  it('say that a file is missing, changed or grown, and a run without files has no such key', async () => {
    const [gone, changed, grown] = [Buffer.from('gone'), Buffer.from('changed'), Buffer.from('grown')];
    const files = [
      { name: 'a', bytes: gone },
      { name: 'b', bytes: changed },
      { name: 'c', bytes: grown },
    ];
    addAttached(database, dir.path, { runId: 'a', startedAtMs: 5, outcome: 'PASS', files });
    addRuns(database, [{ runId: 'bare', startedAtMs: 6 }]);
    rmSync(stored(gone));
    writeFileSync(stored(changed), 'Changed');
    writeFileSync(stored(grown), Buffer.alloc(1_000_000));
    const { metadata, phases } = await openhtf('a');
    expect(metadata.gongwei.attachments?.map(({ content }) => content)).toEqual([
      'missing',
      'damaged',
      'damaged',
    ]);
    expect(phases[0]?.attachments).toEqual({});
    rmSync(stored(grown));
    mkdirSync(stored(grown));
    expect((await openhtf('a')).metadata.gongwei.attachments?.[2]).toMatchObject({ content: 'unreadable' });
    expect((await openhtf('bare')).metadata.gongwei).not.toHaveProperty('attachments');
  });

  it('are named with their digests in ATML and WSJF', async () => {
    const bytes = Buffer.from('1,2');
    addAttached(database, dir.path, {
      runId: 'a',
      startedAtMs: 5,
      outcome: 'PASS',
      files: [{ name: 'a<&>.csv', bytes }],
    });
    expect(await write('atml', 'a')).toContain(
      `<gw:Attachment phase="main" step="attach" attempt="1" name="a&lt;&amp;&gt;.csv" mediaType="application/octet-stream" bytes="3" sha256="${sum('sha256', bytes)}"/>`,
    );
    expect((JSON.parse(await write('wsjf', 'a')) as { miscInfos: unknown }).miscInfos).toContainEqual({
      description: 'attachment a<&>.csv',
      text: `application/octet-stream, 3 bytes, SHA-256 ${sum('sha256', bytes)}`,
      numeric: null,
    });
  });
});
