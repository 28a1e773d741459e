import { toolArgumentParts } from '#shared/domain/tool-arguments.ts';
import { Fault } from '#shared/domain/fault.ts';
import { MAX_ATTACHMENT_BYTES } from '#shared/domain/attachment.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { type FlashProgress, runTransfer, throttleProgress } from '../../devices/protocols/index.ts';
import type { NewAttachment } from '../../core/database/index.ts';
import { runTool as runProgram, type ToolEnd, ToolFolder } from '../tools/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { requireIdentityKept } from './require-identity-kept.ts';

/** A file of the firmware package for a program. */
const MAX_FIRMWARE_BYTES = 64 * 1024 ** 2;

type ToolResult = ToolEnd & {
  readonly sha256: string;
  readonly ms: number;
  /** Absent in recordings of older versions. */
  readonly attachments?: readonly NewAttachment[];
  /** Patterns of `attach` without a file. */
  readonly missing?: readonly string[];
};

/**
 * Runs a listed program while the station has let go of the port. In the recording it is one request with its progress and
 * its result; a replay runs nothing. Faults: `device-rejected` with the words of the recipe, `tool-failed`; those of
 * `Tools.find`, `DevicePort.lend`, `RunContext.readFirmware` and `requireIdentityKept`; the signal's reason.
 */
export async function runTool(step: StepOf<'run-tool'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const [name = ''] = step.command;
  try {
    const result = await runTransfer<FlashProgress, ToolResult>(
      run.serial.port,
      {
        name: `run-tool ${name}`,
        clock: run.platform.clock,
        onProgress: (progress) => run.showFlash(progress),
        work: async (raw, { clock, progress, trace }) => {
          if (raw.lend === undefined)
            throw new Fault('not-configured', `${raw.path} cannot be given to another program`, {
              hint: 'Use a serial port, or a port of a serial server.',
            });
          await using folder = await ToolFolder.create();
          const startedAtMs = clock.monotonicMs();
          let sha256 = '';
          const end = await raw.lend(async (port) => {
            const args = await argumentsOf(step, run, { port, folder });
            // Last, so that no time is left to change the program.
            const tool = await run.tools.find(name, step.sha256);
            sha256 = tool.sha256;
            trace(`${tool.path} ${args.join(' ')}`);
            const show = throttleProgress(progress, clock);
            const onPercent = (percent: number): void => show(progressOf(name, percent));
            const { progress: pattern, failure } = step;
            const job = {
              runId: run.runId,
              program: tool.path,
              args,
              cwd: folder.path,
              failures: Object.keys(failure),
            };
            return runProgram({ ...job, progress: pattern, onPercent, onLine: trace }, signal);
          });
          const ms = Math.round(clock.monotonicMs() - startedAtMs);
          return { ...end, sha256, ms, ...(await keepFiles(step, run, folder)) };
        },
      },
      signal,
    );
    for (const attachment of result.attachments ?? []) run.addAttachment(attachment);
    judge(step, run, result);
    await requireIdentityKept(run, signal);
  } finally {
    run.showFlash(null);
  }
}

/** Stores what the program left, also when it failed: its log tells why. */
async function keepFiles(
  { attach }: StepOf<'run-tool'>,
  run: RunContext,
  folder: ToolFolder,
): Promise<Pick<ToolResult, 'attachments' | 'missing'>> {
  if (attach.length === 0) return {};
  const { files, missing } = await folder.collect(attach, MAX_ATTACHMENT_BYTES);
  const attachments: NewAttachment[] = [];
  for (const file of files) attachments.push(await run.storeFile({ ...file, said: null }));
  return { attachments, missing };
}

function progressOf(name: string, percent: number): FlashProgress {
  return { stage: 'running', image: name, doneBytes: 0, totalBytes: 0, kbitPerSecond: null, percent };
}

function judge({ command, failure, exitStatus }: StepOf<'run-tool'>, run: RunContext, end: ToolResult): void {
  const [name = ''] = command;
  const measure = (what: string, value: string | number): void =>
    run.measure({ name: `${name}-${what}`, value, unit: null, limits: '', outcome: 'PASS' });
  measure('sha256', end.sha256);
  if (end.status !== null) measure('exit-status', end.status);
  if (end.failure !== null) {
    const said = failure[end.failure] ?? end.line;
    throw new Fault('device-rejected', `${name}: ${said}`, { details: { said, line: end.line } });
  }
  if (end.status === exitStatus) {
    const [missing] = end.missing ?? [];
    if (missing === undefined) return;
    throw new Fault('tool-failed', `${name} left no file ${missing}`, {
      hint: 'Compare "attach" of the step with what the program writes.',
      details: { tool: name, said: missing },
    });
  }
  const how = end.status === null ? 'was ended by the system' : `ended with status ${end.status}`;
  throw new Fault('tool-failed', `${name} ${how}${end.line === '' ? '' : `: ${end.line}`}`, {
    hint: 'Its whole output is in the recording of the run.',
    details: { tool: name, said: end.line },
  });
}

interface Places {
  readonly port: string;
  readonly folder: ToolFolder;
}

/** The arguments of the program, filled in, with copies of the files that they name. */
async function argumentsOf(
  step: StepOf<'run-tool'>,
  run: RunContext,
  places: Places,
): Promise<readonly string[]> {
  const args: string[] = [];
  for (const template of step.command.slice(1)) {
    let filled = '';
    for (const part of toolArgumentParts(template))
      filled +=
        typeof part === 'string' ? run.scope.text(part) : await valueOf(part, { step, run, ...places });
    // A value that a unit or a scanner gave must not become an option of the program, nor a secret visible.
    const becameOption = filled.startsWith('-') && !template.startsWith('-');
    if (becameOption || filled.includes('\0') || run.io.mask.maskText(filled) !== filled)
      throw new Fault('recipe-invalid', `an argument of ${step.command[0] ?? ''} must not have this value`, {
        hint: 'A value begins with "-" or is a secret: name another placeholder.',
      });
    args.push(filled);
  }
  return args;
}

async function valueOf(
  part: Exclude<ReturnType<typeof toolArgumentParts>[number], string>,
  { step, run, port, folder }: Places & { readonly step: StepOf<'run-tool'>; readonly run: RunContext },
): Promise<string> {
  switch (part.kind) {
    case 'port':
      return port;
    case 'baudRate':
      return String(step.baudRate ?? run.recipe.device.serial.baudRate);
    case 'file': {
      const bytes = run.files.get(part.name);
      if (bytes !== undefined) return folder.add(part.name, bytes);
      throw new Fault('recipe-files-invalid', `the recipe has no file ${part.name}`, {
        hint: 'Add it to the folder of the recipe.',
      });
    }
    case 'firmware': {
      const { name, bytes } = await run.readFirmware(part.name, MAX_FIRMWARE_BYTES);
      return folder.add(name, bytes);
    }
  }
}
