import { Command, CommanderError } from 'commander';
import { exitStatusOf, Fault } from '#shared/domain/fault.ts';
import { printError, printErrorDetails, writeJsonLine } from './output.ts';
import { APP_VERSION } from './program.ts';

/**
 * Commands are loaded on demand, so that each starts fast.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./commands/start.ts')).startCommand(),
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  kiosk: async () => (await import('./commands/kiosk.ts')).kioskCommand(),
  run: async () => (await import('./commands/run.ts')).runCommand(),
  batch: async () => (await import('./commands/batch.ts')).batchCommand(),
  recipe: async () => (await import('./commands/recipe.ts')).recipeCommand(),
  triples: async () => (await import('./commands/triples.ts')).triplesCommand(),
  unit: async () => (await import('./commands/unit.ts')).unitCommand(),
  sync: async () => (await import('./commands/sync.ts')).syncCommand(),
  runs: async () => (await import('./commands/runs.ts')).runsCommand(),
  attachment: async () => (await import('./commands/attachment.ts')).attachmentCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  yield: async () => (await import('./commands/yield.ts')).yieldCommand(),
  firmware: async () => (await import('./commands/firmware.ts')).firmwareCommand(),
  label: async () => (await import('./commands/label.ts')).labelCommand(),
  qr: async () => (await import('./commands/qr.ts')).qrCommand(),
  recording: async () => (await import('./commands/recording.ts')).recordingCommand(),
  station: async () => (await import('./commands/station.ts')).stationCommand(),
  registry: async () => (await import('./commands/registry.ts')).registryCommand(),
  sim: async () => (await import('./commands/sim.ts')).simCommand(),
  user: async () => (await import('./commands/user.ts')).userCommand(),
  audit: async () => (await import('./commands/audit.ts')).auditCommand(),
  backup: async () => (await import('./commands/backup.ts')).backupCommand(),
  restore: async () => (await import('./commands/restore.ts')).restoreCommand(),
  verify: async () => (await import('./commands/verify.ts')).verifyCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
};

/**
 * Runs a command line. Returns the exit status: 0 done, 1 not passed, 2 bad input, 3 environment, 4 integrity. An error is
 * one line, on standard error or, with `--json`, on standard output.
 */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  try {
    await perform(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error, argv.includes('--json'));
  }
}

async function perform(argv: readonly string[]): Promise<void> {
  const program = new Command('gongwei')
    .description('End-of-line provisioning and functional test of connected devices.')
    .version(APP_VERSION)
    // Otherwise `firmware upload ID --version V` would print the version of the program.
    .enablePositionalOptions();
  const [first = ''] = argv;
  const named = COMMANDS[first];
  const all = ['-V', '--version'].includes(first) ? [] : Object.values(COMMANDS);
  const loaders = named === undefined ? all : [named];
  for (const command of await Promise.all(loaders.map((load) => load()))) program.addCommand(command);
  throwInsteadOfExit(program);
  if (argv.length === 0) return program.help();
  await program.parseAsync([...argv], { from: 'user' });
}

/** Makes commander throw at every level, because bad usage is reported as a fault; it would exit with 1 by itself. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  for (const child of command.commands) throwInsteadOfExit(child);
}

function badUsage(error: CommanderError): Fault {
  const groups = error.code === 'commander.help' || error.code === 'commander.helpDisplayed';
  const what = groups
    ? 'a command is missing'
    : error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return new Fault('bad-input', what, { hint: 'See --help.' });
}

function report(error: unknown, json: boolean): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const fault =
    error instanceof Fault
      ? error
      : error instanceof CommanderError
        ? badUsage(error)
        : new Fault('internal', 'something in Gongwei itself went wrong', {
            hint: 'Run it again with GONGWEI_DEBUG=1 and send the output to support.',
            cause: error,
          });
  if (json) {
    const { code, message, hint } = fault;
    writeJsonLine({ event: 'error', code, message, hint });
  } else {
    printError(`gongwei: ${fault.message}${fault.hint === null ? '' : ` — ${fault.hint}`}`);
  }
  if (process.env['GONGWEI_DEBUG'] === '1') printErrorDetails(error);
  return exitStatusOf(fault.code);
}
