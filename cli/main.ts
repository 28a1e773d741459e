import { Command, CommanderError } from 'commander';
import { exitStatusOf, Fault } from '#shared/domain/fault.ts';
import { batchCommand } from './commands/batch.ts';
import { backupCommand } from './commands/backup.ts';
import { demoCommand } from './commands/demo.ts';
import { kioskCommand } from './commands/kiosk.ts';
import { labelCommand } from './commands/label.ts';
import { qrCommand } from './commands/qr.ts';
import { recipeCommand } from './commands/recipe.ts';
import { recordingCommand } from './commands/recording.ts';
import { registryCommand } from './commands/registry.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { simCommand } from './commands/sim.ts';
import { startCommand } from './commands/start.ts';
import { stationCommand } from './commands/station.ts';
import { syncCommand } from './commands/sync.ts';
import { triplesCommand } from './commands/triples.ts';
import { unitCommand } from './commands/unit.ts';
import { APP_VERSION } from './version.ts';

/** The terminal host. Exit status: 0 done, 1 something did not pass, 2 bad input, 3 environment, 4 integrity. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('gongwei')
    .description('Workstation program for lines that make connected devices.')
    .version(APP_VERSION)
    .showHelpAfterError('(see --help)');
  for (const command of [
    startCommand(),
    demoCommand(),
    kioskCommand(),
    runCommand(),
    batchCommand(),
    recipeCommand(),
    triplesCommand(),
    unitCommand(),
    syncCommand(),
    reportCommand(),
    labelCommand(),
    qrCommand(),
    recordingCommand(),
    stationCommand(),
    registryCommand(),
    simCommand(),
    backupCommand(),
  ]) {
    program.addCommand(command);
  }
  throwInsteadOfExit(program);
  await program.parseAsync([...argv], { from: 'user' });
}

/** Commander would exit by itself with 1; bad usage is 2 here, at any depth. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwInsteadOfExit(child);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const json = process.argv.includes('--json');
  const fault =
    error instanceof Fault
      ? error
      : new Fault('internal', 'something in Gongwei itself went wrong', {
          hint: 'Run it again with GONGWEI_DEBUG=1 and tell support what it prints.',
          cause: error,
        });
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ event: 'error', code: fault.code, message: fault.message, hint: fault.hint })}\n`,
    );
  } else {
    process.stderr.write(`gongwei: ${fault.message}${fault.hint === null ? '' : ` — ${fault.hint}`}\n`);
  }
  if (process.env['GONGWEI_DEBUG'] === '1') console.error(error);
  return exitStatusOf(fault.code);
}

// A reader that went away (`| head`) is not a defect.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});
try {
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}
