import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>
>;

/** Prints the usage and ends with status 0 when the arguments of the process ask for help. */
export function answerHelp(usage: string, args: readonly string[] = process.argv.slice(2)): void {
  if (!args.includes('--help') && !args.includes('-h')) return;
  process.stdout.write(usage);
  process.exit(0);
}

/**
 * Reads the arguments of the process. Ends it with the usage and status 0 when they ask for help, and with the reason, the
 * usage and status 2 when one is wrong.
 *
 * @param names the words that may be given besides the options
 */
export function readStepArgs<T extends Options>(
  usage: string,
  options: T,
  names: readonly string[] = [],
): Parsed<T> {
  const args = process.argv.slice(2);
  answerHelp(usage, args);
  let parsed: Parsed<T>;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    // The first sentence of Node's message; the second is about arguments that begin with a dash.
    if (error instanceof TypeError) refuseArgs(error.message.split('. ')[0] ?? '', usage);
    throw error;
  }
  const unknown = parsed.positionals.find((name) => !names.includes(name));
  if (unknown !== undefined)
    refuseArgs(
      names.length === 0
        ? `"${unknown}" is not expected here`
        : `there is no "${unknown}"; choose from ${names.join(', ')}`,
      usage,
    );
  return parsed;
}

/** Prints the reason and the usage, and ends the process with status 2. */
export function refuseArgs(reason: string, usage: string): never {
  process.stderr.write(`${reason}\n${usage}`);
  process.exit(2);
}
