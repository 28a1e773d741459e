import type { Command } from 'commander';
import {
  QUOTA_KINDS,
  QUOTA_LIMITS,
  quotaDay,
  quotaEndMs,
  type QuotaKind,
} from '#shared/domain/bluetooth-quota.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type CommonOptions, command, group } from '../../command.ts';
import { createOutput, table } from '../../output.ts';
import { withCalls } from '../../with-calls.ts';

interface SetOptions extends CommonOptions {
  readonly kind: string;
  readonly limit?: string;
  readonly until?: string;
  readonly others?: string;
}

/** `station quota`: how many Bluetooth units of a product its mini program takes. */
export function quotaCommand(): Command {
  return group('quota', 'how many Bluetooth units of a product may be made; checked before a batch', [
    command('list', 'the quotas, with what is left').action(list),
    command('set', 'add the quota of a product, or change it')
      .argument('<product>', 'ProductId')
      .requiredOption(
        '--kind <kind>',
        'free: 10 units; year: 100 units until a day; licence: a number of its own',
      )
      .option('--limit <units>', 'units of a licence')
      .option('--until <day>', 'its last day, as 2027-06-30')
      .option(
        '--others <units>',
        'units that this station does not count: of other stations, less deleted ones',
      )
      .action(set),
    command('remove', 'the product has no limit then').argument('<product>').action(remove),
  ]);
}

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const { quotas } = await withCalls(options, ({ call }) => call('quotas.get', {}));
  for (const quota of quotas) out.event('quota', { ...quota });
  out.print(
    quotas.length === 0
      ? 'no product has a quota of Bluetooth units'
      : table(
          ['product', 'kind', 'used', 'limit', 'left', 'until', 'warning'],
          quotas.map(({ productId, kind, used, limit, left, untilMs, warning }) => [
            productId,
            kind,
            String(used),
            String(limit),
            String(left),
            untilMs === null ? '' : quotaDay(untilMs),
            warning ?? '',
          ]),
        ),
  );
}

async function set(productId: string, options: SetOptions): Promise<void> {
  const out = createOutput(options);
  const kind = kindOf(options.kind);
  const limit = kind === 'licence' ? numberOf('--limit', options.limit) : QUOTA_LIMITS[kind];
  const untilMs = options.until === undefined ? null : endOf(options.until);
  const others = options.others === undefined ? 0 : numberOf('--others', options.others);
  const quota = { productId, kind, limit, untilMs, others };
  await withCalls(options, ({ call }) => call('quotas.set', quota), { createIfMissing: true });
  out.event('quota.set', { productId });
  out.print(`the quota of ${productId} is stored`);
}

async function remove(productId: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withCalls(options, ({ call }) => call('quotas.remove', { productId }));
  out.event('quota.removed', { productId });
  out.print(`${productId} has no quota now`);
}

function kindOf(text: string): QuotaKind {
  const kind = QUOTA_KINDS.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new Fault('bad-input', `--kind ${text} is not known`, { hint: 'Choose free, year or licence.' });
}

function numberOf(option: string, text: string | undefined): number {
  if (text !== undefined && /^-?\d{1,8}$/.test(text)) return Number(text);
  throw new Fault('bad-input', `${option} ${text ?? ''} is not a whole number`.replace('  ', ' '), {
    hint: 'Give a number of units, as in --limit 500.',
  });
}

/** The end of a day, UTC. */
function endOf(day: string): number {
  const endMs = quotaEndMs(day);
  if (endMs !== null) return endMs;
  throw new Fault('bad-input', `--until ${day} is not a day`, { hint: 'Write it as 2027-06-30.' });
}
