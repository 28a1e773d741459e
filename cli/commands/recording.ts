import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { dialogue, findRecording, readRecording } from '#station';
import { type CommonOptions, command, dataDirOf, group } from '../command.ts';
import { createOutput } from '../output.ts';

interface ShowOptions extends CommonOptions {
  readonly hex?: boolean;
}

export function recordingCommand(): Command {
  return group('recording', 'the flight recorder: every byte between station and device', [
    command('show', 'a recording as a readable dialogue')
      .argument('<run>', 'a run, or the file of a recording')
      .option('--hex', 'bytes in hex, with their text beside')
      .action(show),
  ]);
}

async function show(run: string, options: ShowOptions): Promise<void> {
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

/** A file wherever it came from, or a run of this station. */
function recordingOf(run: string, options: CommonOptions): string {
  return existsSync(run) ? run : findRecording(dataDirOf(options), run);
}
