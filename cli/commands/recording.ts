/** Recordings of runs: list, transcript, and replay with the recorded or another recipe. */
import type { Command } from 'commander';
import { command, group, wholeNumber } from '../command.ts';
import { RUN_HELP } from '../lookup/run.ts';
import { list } from './recording/list.ts';
import { replay } from './recording/replay.ts';
import { show } from './recording/show.ts';

const RUN = `the file of a recording, or ${RUN_HELP}`;

export function recordingCommand(): Command {
  return group('recording', 'recordings of runs: every byte between station and device', [
    command('list', 'recordings of this station, the newest first')
      .option('--batch <batch>', 'only of this batch: its id, its name, or the beginning of either')
      .option('--serial <serial>', 'only of the unit with this serial number')
      .option('--limit <n>', 'maximum number of recordings', wholeNumber(1, 1_000_000), 50)
      .action(list),
    command('show', 'a recording as a readable transcript')
      .argument('<run>', RUN)
      .option('--hex', 'bytes in hex, with their text beside')
      .action(show),
    command(
      'replay',
      'run the recipe against a recording, without unit, network or secrets; exit 1 when it ends otherwise',
    )
      .argument('<run>', RUN)
      .option('--recipe <file>', 'try this recipe instead of the recorded one')
      .option('--times <n>', 'number of replays', wholeNumber(1, 10_000), 1)
      .action(replay),
  ]);
}
