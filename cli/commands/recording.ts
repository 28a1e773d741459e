import type { Command } from 'commander';
import { recordingFile } from '#station';
import { type CommonOptions, command, dataDirOf, group } from '../command.ts';
import { createOutput } from '../output.ts';
import { readText } from '../read-text.ts';

interface Line {
  readonly ms?: number;
  readonly d?: '>' | '<' | '#';
  readonly b?: string;
}

export function recordingCommand(): Command {
  return group('recording', 'the flight recorder: every byte between station and device', [
    command('show', 'a recording as a readable dialogue').argument('<run>').action(show),
  ]);
}

async function show(run: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const text = await readText(recordingFile(dataDirOf(options), run));
  for (const line of text.split('\n').filter((l) => l !== '')) {
    const entry = JSON.parse(line) as Line;
    out.event('recording.entry', entry);
    if (out.json || entry.d === undefined) continue;
    const at = String((entry.ms ?? 0).toFixed(1)).padStart(9);
    out.say(
      entry.d === '#'
        ? `${at}   — ${entry.b ?? ''}`
        : `${at} ${entry.d} ${JSON.stringify(entry.b ?? '').slice(1, -1)}`,
    );
  }
}
