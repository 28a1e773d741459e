import { expect, it } from 'vitest';
import { readScript } from '../../../../station/execution/scripts/read-script.ts';
import {
  findScriptSandbox,
  type ScriptSandbox,
} from '../../../../station/execution/scripts/script-sandbox.ts';
import { soon } from '../../../support/patience.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const NONE: ScriptSandbox = { restrictions: [], command: [] };
const LIMITS = { cpuSeconds: 1, timeoutMs: 600_000 };
const BYTES = Buffer.from('text');

it('a reader is ended by the time of the processor that it uses, and not by the time that passes', async () => {
  using dir = tempDir('read-script');
  const sandbox = await findScriptSandbox(process.execPath, process.platform, dir.path);
  const read = (reader: string, own: ScriptSandbox) => readScript(reader, BYTES, own, soon(), LIMITS);
  const waits = `setTimeout(() => process.stdout.write('read'), 1500)`;
  const outputs = await Promise.all([
    read(waits, NONE),
    read(waits, sandbox),
    read(`process.stdout.write('begun'); for (;;);`, NONE),
    read(`process.stdout.write('begun'); for (;;);`, sandbox),
  ]);
  expect(outputs.map(({ stdout }) => stdout)).toEqual(['read', 'read', 'begun', 'begun']);
});
