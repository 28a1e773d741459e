import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createFileLog } from '../../station/devices/drivers/node/log-file.ts';
import { createOutput, overwriteLine, table } from '../../cli/output.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { invoke } from '../kit/in-process.ts';

/** Goes up, clears the line, writes another result, and turns what follows. */
const FORGED = 'SN1\u001b[1A\u001b[2K\r\nslot 1: PASS\u009b32m \u202egnp\u2066\u2028\u200b';
const SHOWN = 'SN1\\x1b[1A\\x1b[2K\\r\\nslot 1: PASS\\x9b32m \\u202egnp\\u2066\\u2028\\u200b';
const RAW = /[^\n\P{Cc}]|[\u202a-\u202e\u2066-\u2069\u2028\u2029\u200b-\u200f]/u;

describe('a text of a unit, a script or a file, on a terminal', () => {
  const dir = tempDir('forged');
  afterAll(() => dir[Symbol.dispose]());
  const recording = join(dir.path, 'run.jsonl');

  beforeAll(() => {
    const lines = [
      { gongwei: 'recording/2', run: 'r', at: 0, serialNumber: FORGED, slot: 1, port: 'p' },
      { ms: 1, d: '#', b: `step ${FORGED}` },
      { ms: 2, d: '<', b: Buffer.from(FORGED).toString('latin1') },
      { ms: 3, d: 'n', b: FORGED },
    ];
    writeFileSync(recording, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });

  it('makes no line of its own in a recording, and is escaped in its JSON', async () => {
    const { stdout, status } = await invoke('recording', 'show', recording);
    expect(status).toBe(0);
    expect(stdout.split('\n').filter((line) => line.startsWith('slot 1: PASS'))).toEqual([]);
    expect(stdout).not.toMatch(RAW);
    expect(stdout).toContain(SHOWN);
    const json = await invoke('recording', 'show', recording, '--json');
    expect(json.stdout).not.toMatch(RAW);
    expect(json.events[0]).toMatchObject({ serialNumber: FORGED });
  });

  it('is one line in an error, as text and as JSON', async () => {
    const words = await invoke('recipe', 'check', join(dir.path, FORGED));
    expect(words.stderr).not.toMatch(RAW);
    expect(words.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(words.stderr).toContain(SHOWN);
    const json = await invoke('recipe', 'check', join(dir.path, FORGED), '--json');
    expect(json.stdout).not.toMatch(RAW);
    expect(String(json.events[0]?.['message'])).toContain(FORGED);
  });

  it('is one line in the mistakes of a recipe', async () => {
    const file = join(dir.path, 'forged.yaml');
    writeFileSync(file, moduleRecipe().replace('verb: burn-triple', `verb: ${JSON.stringify(FORGED)}`));
    const { stdout, status } = await invoke('recipe', 'check', file);
    expect(status).toBe(2);
    expect(stdout).not.toMatch(RAW);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith(file)),
    ).toEqual([]);
  });

  it('is one line of a defect that support asked to see', async () => {
    vi.stubEnv('GONGWEI_DEBUG', '1');
    try {
      const { stderr } = await invoke('recipe', 'check', join(dir.path, FORGED));
      expect(stderr).not.toMatch(RAW);
      expect(
        stderr
          .split('\n')
          .slice(1)
          .filter((line) => line !== '' && !line.startsWith('  ')),
      ).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('is one cell of a table, in line with the others', () => {
    const [header = '', rule = '', ...rows] = table(
      ['serial', 'outcome'],
      [
        [FORGED, 'FAIL'],
        ['SN2', 'PASS'],
      ],
    );
    expect(rows).toEqual([`${SHOWN}  FAIL`, `SN2${' '.repeat(SHOWN.length - 1)}PASS`]);
    expect([header, rule].join('')).not.toMatch(RAW);
  });

  it("is one line of progress and of a command's output", () => {
    const written: string[] = [];
    const spies = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0),
    );
    createOutput({}).print(FORGED);
    createOutput({ json: true }).notice([FORGED, FORGED]);
    createOutput({ json: true }).event(FORGED, { message: FORGED });
    overwriteLine(FORGED);
    for (const spy of spies) spy.mockRestore();
    const [one = '', two = '', event = '', progress = ''] = written;
    expect(one).toBe(`${SHOWN}\n`);
    expect(two).toBe(`${SHOWN}\n${SHOWN}\n`);
    expect(event).not.toMatch(RAW);
    expect(JSON.parse(event)).toEqual({ event: FORGED, message: FORGED });
    expect(progress).toBe(`\r\u001b[K${SHOWN}`);
  });

  it('is one escaped line of the log', () => {
    const log = createFileLog(dir.path);
    log.info(FORGED, { text: FORGED });
    log.error('failed', new Error(FORGED), { text: FORGED });
    const day = `${new Date().toISOString().slice(0, 10)}.jsonl`;
    const text = readFileSync(join(dir.path, 'logs', day), 'utf8');
    expect(text).not.toMatch(RAW);
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { text: string }).text),
    ).toEqual([FORGED, FORGED]);
  });
});
