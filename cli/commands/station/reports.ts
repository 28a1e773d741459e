import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CSV_DECIMALS } from '#shared/codec/csv/index.ts';
import {
  MAX_SHIFT_ENDS,
  REPORT_FORMATS,
  REPORT_FORMS,
  type ReportFormat,
  type ReportOccasion,
  type ReportSchedules,
  type ScheduledReport,
} from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { LANGUAGES } from '#shared/words/index.ts';
import { describeSchedules } from '#station';
import { type CommonOptions, command, group } from '../../command.ts';
import { createOutput, table } from '../../output.ts';
import { withCalls } from '../../with-calls.ts';
import { withDatabase } from '../../with-station.ts';

const AT = ['batch-complete', 'batch-closed', 'shift-end'] as const;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

interface AddOptions extends CommonOptions {
  readonly at: (typeof AT)[number];
  readonly times?: string[];
  readonly format: ReportFormat;
  readonly folder?: string;
  readonly toRegistry?: boolean;
  readonly decimal?: (typeof CSV_DECIMALS)[number];
  readonly language?: (typeof LANGUAGES)[number];
}

/** `station report`: the reports that the station writes by itself. */
export function reportScheduleCommand(): Command {
  return group('report', 'reports that the station writes by itself, each batch and each shift once', [
    command('list', 'what is written when, and what became of the latest ones').action(list),
    command('add', 'write a report at the end of each batch or shift from now on')
      .addOption(new Option('--at <occasion>', 'when').choices(AT).makeOptionMandatory())
      .option('--times <times>', 'ends of shifts by the clock of this computer, as 08:00,20:00', times)
      .addOption(
        new Option('--format <format>', 'of the files').choices(REPORT_FORMATS).makeOptionMandatory(),
      )
      .option('--folder <folder>', 'the folder where the files are put')
      .option('--to-registry', 'send them to the registry')
      .addOption(new Option('--decimal <char>', 'of CSV: , with ; between the cells').choices(CSV_DECIMALS))
      .addOption(new Option('--language <language>', 'of PDF').choices(LANGUAGES))
      .action(add),
    command('remove', 'write it no longer').argument('<schedule>', 'its id, or the beginning').action(remove),
  ]);
}

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const { schedules, reports } = await withDatabase(options, (database) => describeSchedules(database));
  for (const { occasion, ...schedule } of schedules)
    out.event('report.schedule', { ...occasion, ...schedule });
  for (const report of reports) out.event('report.scheduled', { ...report });
  if (schedules.length === 0) out.print('no reports are written by themselves');
  else
    out.print(
      table(
        ['schedule', 'when', 'format', 'folder'],
        schedules.map((one) => [
          one.scheduleId,
          whenOf(one.occasion),
          one.format,
          one.folder ?? 'the registry',
        ]),
      ),
    );
  if (reports.length === 0) return;
  out.print(
    table(
      ['of', 'state', 'file'],
      reports.map((one) => [nameOf(one), one.state, one.file ?? one.fault?.message ?? '-']),
    ),
  );
}

async function add(options: AddOptions): Promise<void> {
  const out = createOutput(options);
  const { at, format, decimal, language } = options;
  if ((at === 'shift-end') !== (options.times !== undefined)) {
    throw new Fault('bad-input', '--times belongs to --at shift-end, and must be there', {
      hint: 'As --at shift-end --times 08:00,20:00.',
    });
  }
  if (decimal !== undefined && !REPORT_FORMS[format].isCsv) throw wrongOption('--decimal', format);
  if (language !== undefined && format !== 'pdf') throw wrongOption('--language', format);
  const occasion: ReportOccasion = at === 'shift-end' ? { at, times: options.times ?? [] } : { at };
  if ((options.folder === undefined) !== (options.toRegistry === true)) {
    throw new Fault('bad-input', 'the files need one place', {
      hint: 'Name it with --folder FOLDER or --to-registry.',
    });
  }
  const folder = options.folder === undefined ? null : resolve(options.folder);
  const { schedules } = await withCalls(options, ({ call }) =>
    call('reportSchedules.add', {
      occasion,
      format,
      folder,
      csv: decimal === ',' ? { decimal, delimiter: ';' } : undefined,
      pdf: language === undefined ? undefined : { language },
    }),
  );
  const scheduleId = schedules.at(-1)?.scheduleId ?? '';
  out.event('report.schedule', { scheduleId, ...occasion, format, folder });
  out.print(`${scheduleId}: ${format} to ${folder ?? 'the registry'}, ${whenOf(occasion)}`);
}

async function remove(text: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const scheduleId = await withCalls(options, async ({ call }) => {
    const found = findSchedule(await call('reportSchedules.get', {}), text);
    await call('reportSchedules.remove', { scheduleId: found });
    return found;
  });
  out.event('report.unscheduled', { scheduleId });
  out.print(`${scheduleId} is removed`);
}

/** Faults: `not-found`, `bad-input` when several begin with the text. */
function findSchedule({ schedules }: ReportSchedules, text: string): string {
  const found = schedules.filter(({ scheduleId }) => scheduleId.startsWith(text));
  const [first] = found;
  if (first === undefined || text === '')
    throw new Fault('not-found', `there is no schedule ${text}`, { hint: 'See "station report list".' });
  if (found.length > 1)
    throw new Fault('bad-input', `${found.length} schedules begin with ${text}`, {
      hint: 'Type more of it.',
    });
  return first.scheduleId;
}

function wrongOption(option: string, format: ReportFormat): Fault {
  return new Fault('bad-input', `${option} is not of ${format}`, { hint: 'Leave it out.' });
}

function whenOf(occasion: ReportOccasion): string {
  return occasion.at === 'shift-end'
    ? `at ${occasion.times.join(' and ')}`
    : `when a ${occasion.at.replace('-', ' is ')}`;
}

function nameOf({ batchName, fromAtMs, dueAtMs }: ScheduledReport): string {
  return batchName ?? `${new Date(fromAtMs ?? 0).toISOString()} to ${new Date(dueAtMs).toISOString()}`;
}

function times(text: string): string[] {
  const found = text.split(',').map((time) => time.trim());
  if (found.length <= MAX_SHIFT_ENDS && found.every((time) => TIME.test(time))) return found;
  throw new InvalidArgumentError(`${text} is not 1 to ${MAX_SHIFT_ENDS} times as 08:00,20:00.`);
}
