import { dialogue, readRecording } from '#station';
import type { CommonOptions } from '../../command.ts';
import { createOutput } from '../../output.ts';
import { recordingOf } from './recording-of.ts';

export interface ShowOptions extends CommonOptions {
  readonly hex?: boolean;
}

export async function show(run: string, options: ShowOptions): Promise<void> {
  const out = createOutput(options);
  const recording = readRecording(recordingOf(run, options));
  if (!out.json) {
    for (const line of dialogue(recording, { hex: options.hex === true })) out.say(line);
    return;
  }
  out.event('recording.entry', recording.header);
  for (const [line, entry] of recording.entries) out.event('recording.entry', { line, ...entry });
  out.event('recording.end', { entries: recording.entries.size, cutOff: recording.cutOff });
}
