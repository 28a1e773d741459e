import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Command, Option } from 'commander';
import type { DryRunEvent } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { SIMULATED_UNITS, type SimulatedUnit, simulatedUnitOf } from '#shared/domain/simulated-unit.ts';
import { readRecipe } from '#station';
import { type CommonOptions, command, interruptSignal } from '../../command.ts';
import { EXIT_STATUS } from '../../exit-status.ts';
import { createOutput, type Output } from '../../output.ts';
import { notifyDryRun } from '../../recipe-needs.ts';
import { tryRecipe } from '../../try/try-recipe.ts';

interface TryOptions extends CommonOptions {
  readonly unit?: SimulatedUnit;
  readonly dir?: string;
  readonly hide?: string;
}

export function recipeTryCommand(): Command {
  return command('try', 'execute a recipe on a simulated unit; nothing of it reaches a station')
    .argument('<file>')
    .addOption(
      new Option('--unit <name>', 'the simulated unit; the one that fits the recipe when left out').choices(
        SIMULATED_UNITS,
      ),
    )
    .option('--dir <dir>', 'where its files are meanwhile; a temporary directory when left out')
    .option('--hide <dir>', 'the directory that is hidden from scripts; that of its files when left out')
    .action(tryFile);
}

async function tryFile(file: string, options: TryOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  const recipe = await readRecipe(file);
  const unit = options.unit ?? simulatedUnitOf(recipe.recipe);
  if (unit === null)
    throw new Fault('bad-input', `no simulated unit is known to fit recipe ${recipe.recipe.name}`, {
      hint: `Name one with --unit: ${SIMULATED_UNITS.join(', ')}.`,
    });
  notifyDryRun(recipe.recipe, out);
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'gongwei-try-'));
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  using stack = new DisposableStack();
  stack.defer(() => rmSync(dir, { recursive: true, force: true }));
  let asked: string | null = null;
  const result = await tryRecipe(
    { recipe, unit, dir, hiddenDir: options.hide },
    {
      onEvent(event) {
        if (event.event === 'try.prompt') asked = event.prompt?.promptId ?? null;
        report(event, out);
      },
      onAnswerable(answer) {
        const lines = stack.adopt(createInterface({ input: process.stdin }), (reader) => reader.close());
        lines.on('line', (line) => {
          try {
            const given = out.json ? parse(line) : { promptId: asked ?? '', answer: line.trim() };
            if (given !== null) answer(given.promptId, given.answer);
          } catch (error) {
            if (!(error instanceof Fault)) throw error;
            out.notice(error.message);
          }
        });
      },
    },
    signal,
  );
  if (result.outcome !== 'PASS') process.exitCode = EXIT_STATUS.notPassed;
}

function parse(line: string): { readonly promptId: string; readonly answer: string } | null {
  try {
    const { promptId, answer } = JSON.parse(line) as {
      readonly promptId?: unknown;
      readonly answer?: unknown;
    };
    return typeof promptId === 'string' && typeof answer === 'string' ? { promptId, answer } : null;
  } catch {
    return null;
  }
}

function report({ event, ...fields }: DryRunEvent, out: Output): void {
  out.event(event, fields);
  if (out.json) return;
  const shown = fields as Partial<Extract<DryRunEvent, { event: 'try.finished' }>> & {
    readonly prompt?: { readonly ask: { readonly en: string } } | null;
  };
  if (event === 'try.prompt' && shown.prompt != null) out.print(`asks: ${shown.prompt.ask.en}`);
  if (event !== 'try.finished') return;
  for (const { phase, step, attempt, outcome, ms, failure } of shown.steps ?? []) {
    const times = attempt > 1 ? ` (attempt ${attempt})` : '';
    out.print(
      `${outcome} ${phase} › ${step}${times}, ${Math.round(ms)} ms${failure === null ? '' : `: ${failure.message}`}`,
    );
  }
  out.print(`${shown.outcome ?? ''} in ${Math.round(shown.ms ?? 0)} ms, on a simulated unit`);
}
