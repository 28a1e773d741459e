import { rmSync } from 'node:fs';
import { Sequencer } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { pictureOfCode, type Station, writeCodeFile } from '#station';
import { leaveOwnScreen, onTerminalResize, showOnOwnScreen, terminalSize } from '../output.ts';
import { type CodePlace, pictureOfSlot } from './code-place.ts';
import { drawCode } from './draw-code.ts';
import type { HeldOutput } from './held-output.ts';

type CodesOfStation = Pick<Station, 'codes' | 'prompts'>;

/**
 * Shows the Wi-Fi codes of the runs until the result is disposed of. A code contains the password of the network: it is drawn on a screen
 * of its own, of which the terminal keeps nothing, or is a file of this user alone, which is removed when the slot shows it no more.
 */
export function showRunCodes(
  station: CodesOfStation,
  place: CodePlace | null,
  held: HeldOutput,
): AsyncDisposable {
  if (place === null) return { [Symbol.asyncDispose]: () => Promise.resolve() };
  return place.kind === 'terminal' ? onTerminal(station, held) : inFolder(station, place.dir, held);
}

function onTerminal({ codes, prompts }: CodesOfStation, held: HeldOutput): AsyncDisposable {
  let shown: { readonly slot: number; readonly stopDrawing: () => void } | null = null;
  const leave = (): void => {
    if (shown === null) return;
    const { slot, stopDrawing } = shown;
    shown = null;
    stopDrawing();
    process.off('exit', leaveOwnScreen);
    leaveOwnScreen();
    held.release();
    // A question that came meanwhile is not on this screen.
    const asked = prompts.at(slot)?.prompt;
    if (asked !== undefined) held.output.notice(`slot ${slot} asks: ${asked.ask.en}`);
  };
  const unwatch = codes.watch((slot, code) => {
    if (code === null) return shown?.slot === slot ? leave() : undefined;
    leave();
    const { ssid, payload } = codes.read(slot, code.codeId);
    const lines = drawCode(pictureOfCode(payload));
    const text = `slot ${slot}: hold the camera of the unit before this code (network ${ssid})`;
    const draw = (): void => {
      const { columns, rows } = terminalSize();
      const width = lines[0]?.length ?? 0;
      // One line for the text, one for the cursor.
      const height = lines.length + 2;
      if (columns >= width && rows >= height) showOnOwnScreen([text], lines);
      else
        showOnOwnScreen(
          [
            `this terminal has ${columns} x ${rows} characters; the code needs ${width} x ${height}: enlarge it`,
          ],
          [],
        );
    };
    held.hold();
    shown = { slot, stopDrawing: onTerminalResize(draw) };
    process.on('exit', leaveOwnScreen);
    draw();
  });
  return {
    [Symbol.asyncDispose]() {
      unwatch();
      leave();
      return Promise.resolve();
    },
  };
}

function inFolder({ codes }: CodesOfStation, dir: string, { output }: HeldOutput): AsyncDisposable {
  const files = new Sequencer();
  const written = new Set<string>();
  const remove = (path: string): void => {
    rmSync(path, { force: true });
    written.delete(path);
  };
  const unwatch = codes.watch((slot, code) => {
    const path = pictureOfSlot(dir, slot);
    if (code === null) return void files.run(() => remove(path));
    const { payload } = codes.read(slot, code.codeId);
    const write = async (): Promise<void> => {
      written.add(path);
      await writeCodeFile(path, payload, { errorLevel: 'L' });
      output.event('run.code', { slot, path });
      output.print(`slot ${slot} shows its Wi-Fi code: ${path}`);
    };
    void files.run(write).catch((error: unknown) => {
      output.notice(`slot ${slot}: ${error instanceof Fault ? error.message : String(error)}`);
    });
  });
  return {
    async [Symbol.asyncDispose]() {
      unwatch();
      await files.run(() => [...written].forEach(remove));
    },
  };
}
