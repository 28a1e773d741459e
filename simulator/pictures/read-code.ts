import { runTool } from '#node-kit/process/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/**
 * The text of the QR code in a picture file, read by `zbarimg`. Faults: `tool-missing`, `bad-input` for a picture with no code or with
 * several, the signal's reason.
 */
export async function readCodeInPicture(file: string, signal: AbortSignal): Promise<string> {
  const args = ['--quiet', '--raw', '--nodbus', '-Sdisable', '-Sqrcode.enable', file];
  const { stdout } = await runTool('zbarimg', args, { signal });
  const [code, ...others] = stdout.split('\n').filter((line) => line !== '');
  if (code !== undefined && others.length === 0) return code;
  const found = code === undefined ? 'no code' : `${others.length + 1} codes`;
  throw new Fault('bad-input', `zbarimg reads ${found} in ${file}`, {
    hint: 'Give a picture with one QR code, such as a screenshot of one tile.',
  });
}
