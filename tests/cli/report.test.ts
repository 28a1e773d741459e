import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { addRuns, addSampleBatch, manyRuns } from '../station/results/reports/sample-batch.ts';
import { infoOf, textOf } from '../station/results/reports/pdf/poppler.ts';
import { tempDir } from '../support/temp-dir.ts';
import { invoke } from '../kit/in-process.ts';
import { runCommand } from '../kit/command-line.ts';

describe('report and yield', () => {
  it('write and print the runs of a batch, also while another Gongwei works on the data', async () => {
    using dir = tempDir('cli-report');
    const data = join(dir.path, 'data');
    const database = openStationDatabase(data);
    addSampleBatch(database);
    addRuns(database, [...manyRuns(40)]);
    try {
      const common = ['--data', data, '--json'];
      for (const format of ['csv', 'jsonl']) {
        const path = join(dir.path, `r.${format}`);
        const args = ['report', 'B', '--format', format, '--out', path, ...common];
        // One is a process of its own, to which this one is the other Gongwei.
        const { status, events } = await (format === 'csv' ? runCommand(args) : invoke(...args));
        expect(status).toBe(0);
        const bytes = readFileSync(path);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        expect(events.at(-1)).toEqual({
          event: 'report.written',
          batch: 'B',
          path,
          format,
          runs: 40,
          rows: 40,
          bytes: bytes.length,
          sha256,
        });
        expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(format === 'csv' ? 41 : 40);
      }
      const found = join(dir.path, 'found.csv');
      const filter = ['--outcome', 'FAIL', '--slot', '2', '--columns', 'outcome,failure'];
      const listed = await invoke('report', ...filter, '--out', found, ...common);
      expect(listed.events.at(-1)).toMatchObject({ event: 'report.written', batch: null, runs: 4 });
      expect(readFileSync(found, 'utf8').replace('\uFEFF', '').split(/\r?\n/).slice(0, 2)).toEqual([
        'outcome,unproven,failure',
        'FAIL,,device-silent',
      ]);
      const named = ['--columns', 'serialNumber=序列号,outcome=结果', '--format', 'jsonl'];
      const jsonl = join(dir.path, 'named.jsonl');
      await invoke('report', 'B', ...named, '--out', jsonl, ...common);
      const [line = ''] = readFileSync(jsonl, 'utf8').split('\n');
      expect(JSON.parse(line)).toEqual({ 序列号: 'SN39', 结果: 'FAIL', unproven: null });
      const ofUnit = join(dir.path, 'unit.csv');
      const unit = await invoke('report', '--unit', 'SN7', '--no-bom', '--out', ofUnit, ...common);
      expect(unit.events.at(-1)).toMatchObject({ event: 'report.written', batch: null, rows: 1 });
      expect(readFileSync(ofUnit, 'utf8')).toMatch(/^run,batch,/);
      const whole = await invoke('report', 'verify', ofUnit, '--json');
      expect([whole.status, whole.events]).toMatchObject([
        0,
        [{ event: 'report.verified', path: ofUnit, whole: true, problem: null, rows: 1, format: 'csv' }],
      ]);
      appendFileSync(ofUnit, ' ');
      const changed = await invoke('report', 'verify', ofUnit);
      expect([changed.status, changed.stdout]).toEqual([
        4,
        expect.stringMatching(/^unit\.csv was changed: it has \d+ bytes, and was written with \d+\n$/),
      ]);
      for (const [args, words] of [
        [['B', '--columns', 'outcome=a,slot=a'], 'two columns have the name a'],
        [['B', '--columns', 'outcome,outcome'], 'named twice'],
        [['B', '--unit', 'SN7'], '--run and --unit name all there is to write'],
        [['B', '--format', 'jsonl', '--no-bom'], 'are of CSV'],
        [['B', 'r.csv'], 'a batch has no second name'],
      ] as const) {
        const refused = await invoke('report', ...args, '--out', join(dir.path, 'no'), '--data', data);
        expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining(words)]);
      }
      expect((await invoke('report', 'B', '--data', data)).stderr).toContain('the file is not named');
      const runs = await invoke(
        'runs',
        '--text',
        'sn',
        '--outcome',
        'FAIL',
        '--operator',
        'nobody',
        ...common,
      );
      expect([runs.status, runs.events]).toEqual([0, []]);
      const counted = await invoke('yield', 'B', ...common);
      expect(counted.events.slice(0, 1)).toMatchObject([
        {
          event: 'yield',
          batch: 'B',
          units: 40,
          runs: 40,
          firstPass: 36,
          firstPassYield: 0.9,
          finalYield: 0.9,
        },
      ]);
      const words = await invoke('yield', 'B', '--data', data);
      expect(words.stdout).toMatch(/passed at first +36 +90\.00 %/);
      expect(words.stdout).toMatch(/4 +device-silent +main\/read +100\.00 % +100\.00 % +no answer/);
    } finally {
      database.close();
    }
  });

  it('write the report of a batch as PDF in the language and on the paper that are asked for', async () => {
    using dir = tempDir('cli-report-pdf');
    const database = openStationDatabase(dir.path);
    addSampleBatch(database);
    addRuns(database, [...manyRuns(20)]);
    database.close();
    const write = (file: string, ...more: string[]) =>
      invoke('report', 'B', '--out', join(dir.path, file), '--data', dir.path, '--json', ...more);
    const written = await write('r.pdf', '--format', 'pdf', '--language', 'en', '--paper', 'Letter');
    expect(written.events.at(-1)).toMatchObject({ event: 'report.written', format: 'pdf', runs: 20 });
    expect(textOf(join(dir.path, 'r.pdf'))).toContain('First pass (FPY) 90% 18 / 20');
    expect(infoOf(join(dir.path, 'r.pdf'))['Page size']).toContain('letter');
    expect((await write('zh.pdf', '--format', 'pdf')).status).toBe(0);
    expect(textOf(join(dir.path, 'zh.pdf'))).toContain('一次合格率（FPY） 90% 18 / 20');
    expect((await write('r.csv', '--language', 'en')).status).toBe(2);
    expect((await write('found.pdf', '--format', 'pdf', '--outcome', 'FAIL')).status).toBe(2);
  });

  it('report an unknown batch or a missing folder, and write nothing', async () => {
    using dir = tempDir('cli-report');
    const database = openStationDatabase(dir.path);
    addSampleBatch(database);
    const out = join(dir.path, 'r.csv');
    const report = (batch: string, file: string, ...more: string[]) =>
      invoke('report', batch, '--out', file, '--data', dir.path, ...more);
    expect(await report('X', out)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'gongwei: there is no batch X — The latest are WO-17; "batch list" lists all.\n',
    });
    expect((await report('B', join(dir.path, 'nowhere', 'r.csv'))).status).toBe(3);
    expect((await report('B', out, '--format', 'docx')).status).toBe(2);
    expect((await invoke('yield', 'X', '--data', dir.path)).status).toBe(2);
    expect(existsSync(out)).toBe(false);
    database.close();
  });
});
