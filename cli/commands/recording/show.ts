import { formatTranscript, type Recording } from '#station';
import type { CommonOptions } from '../../command.ts';
import { printError, createOutput, type Output } from '../../output.ts';
import { recordingsOf } from './recording-of.ts';

export interface ShowOptions extends CommonOptions {
  readonly hex?: boolean;
}

export async function show(run: string, options: ShowOptions): Promise<void> {
  const out = createOutput(options);
  for (const recording of await recordingsOf(run, options, (text) => printError(text)))
    printResult(recording, options, out);
}

function printResult(recording: Recording, options: ShowOptions, out: Output): void {
  for (const line of formatTranscript(recording, { hex: options.hex === true })) out.print(line);
  out.event('recording.entry', recording.header);
  for (const [line, entry] of recording.entries) out.event('recording.entry', { line, ...entry });
  out.event('recording.end', { entries: recording.entries.size, cutOff: recording.cutOff });
}
