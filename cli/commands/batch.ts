import { type Command, Option } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import { MAX_COUNTED_RUNS } from '#shared/contract/runs.ts';
import { START_MODES, type StartMode } from '#shared/domain/start-mode.ts';
import { readRecipe, requireLocked } from '#station';
import { type CommonOptions, command, group, wholeNumber } from '../command.ts';
import { BATCH_HELP } from '../lookup/batch.ts';
import { balance, close } from './batch/balance.ts';
import { createOutput, table } from '../output.ts';
import { needsOf, notifyMissing } from '../recipe-needs.ts';
import { terminalSession } from '../terminal-session.ts';
import { withDatabase, withStation } from '../with-station.ts';

interface CreateOptions extends CommonOptions {
  readonly recipe: string;
  readonly quantity: number;
  readonly name?: string;
  readonly firmware?: string;
  readonly start?: StartMode;
  readonly production?: boolean;
}

export function batchCommand(): Command {
  return group('batch', 'batches: recipe version, quantity and pool', [
    command('create', 'make a batch from a recipe')
      .requiredOption('--recipe <file>', 'recipe (YAML)')
      .requiredOption('--quantity <n>', 'units to make', wholeNumber(1, 1_000_000))
      .option('--name <text>', 'name of the batch')
      .option('--firmware <id>', 'firmware of its units: SHA-256 of an imported firmware, or its beginning')
      .addOption(
        new Option(
          '--start <mode>',
          'how its units are started (default: the setting of the station)',
        ).choices(START_MODES),
      )
      .option('--production', 'refuse a recipe that is not locked; without it such a batch is a trial')
      .action(create),
    command('list', 'batches of this station, newest first').action(list),
    command('balance', 'write the signed balance of the identities that a batch has issued')
      .argument('<batch>', BATCH_HELP)
      .requiredOption('--out <file>', 'file.json for programs, file.txt for people')
      .action(balance),
    command('close', 'close a batch whose balance adds up: it takes no runs any more')
      .argument('<batch>', BATCH_HELP)
      .option('--yes', 'do not ask at a terminal')
      .action(close),
  ]);
}

async function create(options: CreateOptions): Promise<void> {
  const out = createOutput(options);
  const recipe = await readRecipe(options.recipe);
  const locked = await requireLocked(options.recipe, recipe);
  if (options.production === true && !locked) {
    throw new Fault('recipe-changed', `${options.recipe} is not locked`, {
      hint: 'Lock it with "recipe lock FILE"; only locked recipes are for production.',
    });
  }
  await withStation(
    options,
    (station) => {
      const firmwareSha256 =
        options.firmware === undefined ? undefined : station.firmware.get(options.firmware).sha256;
      const { quantity, name, start } = options;
      const batch = station.batches.create(
        { recipe, quantity, name, firmwareSha256, locked, start },
        terminalSession(),
      );
      const needs = needsOf(recipe.recipe, station);
      const { instruments, programs, printer } = needs;
      out.event('batch.created', {
        batch: batch.batchId,
        name: batch.name,
        recipeHash: batch.recipe.hash,
        firmwareSha256: batch.firmware?.sha256 ?? null,
        locked,
        missing: { instruments, programs, printer },
      });
      notifyMissing(needs, out);
      out.print(`batch ${batch.name}${locked ? '' : ' (trial)'}: ${batch.batchId}`);
    },
    { createIfMissing: true },
  );
}

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withDatabase(options, (database) => {
    const batches = database.batches.list().map((batch) => ({
      ...batch,
      ...database.batchProgress.get(batch.batchId),
      recipe: database.batches.getRecipeName(batch.recipeHash),
      firmware: batch.firmwareSha256 === null ? null : database.firmware.findBySha256(batch.firmwareSha256),
      start: batch.startMode,
      unproven: database.runs.countUnproven(batch.batchId, MAX_COUNTED_RUNS),
    }));
    for (const b of batches)
      out.event('batch', {
        batch: b.batchId,
        name: b.name,
        quantity: b.quantity,
        passed: b.passed,
        notPassed: b.notPassed,
        unproven: b.unproven,
        runs: b.runs,
        start: b.start,
        closedAtMs: b.closedAtMs,
        firmwareSha256: b.firmwareSha256,
      });
    const rows = batches.map((b) => [
      b.batchId,
      b.closedAtMs === null ? b.name : `${b.name} (closed)`,
      `${b.passed}/${b.quantity}`,
      String(b.unproven),
      String(b.notPassed),
      `${b.recipe.name} ${b.recipe.version}`,
      b.firmwareSha256 === null
        ? '-'
        : `${b.firmware?.version ?? ''} ${b.firmwareSha256.slice(0, 12)}`.trim(),
    ]);
    out.print(
      rows.length === 0
        ? 'no batches yet: make one with "batch create"'
        : table(['batch', 'name', 'passed', 'unproven', 'not passed', 'recipe', 'firmware'], rows),
    );
  });
}
