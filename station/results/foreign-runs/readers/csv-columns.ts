import { matchHeader, normalizeHeader } from '#shared/codec/csv/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { RUN_ROLES, type RunRole } from '#shared/domain/foreign-run.ts';

/** Columns that a person chose, by name or by number (`#2`: the second, `#0`: none). They replace the recognised ones. */
export type RunColumnMap = { readonly [role in RunRole]?: string | undefined };

/** A column with values. */
export interface ValueColumn {
  readonly index: number;
  readonly name: string;
  readonly unit: string | null;
}

export interface RunColumns {
  readonly roles: Readonly<Partial<Record<RunRole, number>>>;
  readonly values: readonly ValueColumn[];
}

/** Names as Gongwei and other programs write them, normalised. */
const NAMES: Readonly<Partial<Record<RunRole, readonly string[]>>> = {
  run: ['run', 'runid', 'testid', '测试编号', '测试id'],
  outcome: ['outcome', 'result', 'testresult', 'passfail', 'status', 'verdict', '结果', '测试结果', '判定'],
  started: [
    'started', 'start', 'starttime', 'startdate', 'startedat', 'date', 'datetime', 'time', 'timestamp', 'testtime', 'testdate',
    '开始', '开始时间', '测试时间', '时间', '日期',
  ],
  finished: ['finished', 'end', 'endtime', 'finishedat', '结束', '结束时间'],
  ms: ['ms', 'durationms'],
  operator: ['operator', 'user', 'tester', '操作员', '操作者', '测试员', '工号'],
  station: ['station', 'stationid', 'stationname', 'machine', 'tester', '工位', '机台', '测试站'],
  batch: ['batch', 'workorder', 'lot', 'order', '批次', '工单'],
  slot: ['slot', 'socket', 'fixture', '治具位', '治具'],
  failure: ['failure', 'errorcode', 'failcode', '故障', '不良代码'],
  phase: ['phase', '阶段'],
  step: ['step', 'failstep', '步骤'],
  message: ['message', 'errormessage', '说明', '不良描述'],
  recipe: ['recipehash'],
  firmware: ['firmwaresha256'],
  app: ['appversion'],
  readback: ['readback'],
  online: ['online'],
  unproven: ['unproven'],
  failed: ['failedmeasurements'],
}; // prettier-ignore

const COLUMN_NUMBER = /^#(\d{1,4})$/;

function roleOf(name: string): RunRole | null {
  const plain = normalizeHeader(name);
  const own = RUN_ROLES.find((role) => NAMES[role]?.includes(plain) === true);
  if (own !== undefined) return own;
  switch (matchHeader(name)?.role) {
    case 'serial':
      return 'serial';
    case 'mac':
      return 'mac';
    case 'product':
      return 'product';
    case 'dn':
      return 'device';
    default:
      return null;
  }
}

/** How likely a row is the header: 100 when it has the columns that a person named. See `HeaderScorer`. */
export function scoreRunHeader(cells: readonly string[], map: RunColumnMap): number {
  const named = Object.values(map).filter((chosen) => chosen !== undefined && !COLUMN_NUMBER.test(chosen));
  const names = cells.map(normalizeHeader);
  if (named.length > 0 && named.every((chosen) => names.includes(normalizeHeader(chosen ?? '')))) return 100;
  const roles = new Set(cells.map(roleOf));
  return roles.has('outcome') && roles.has('started') ? roles.size : 0;
}

/**
 * The columns of runs in a header. Columns that Gongwei wrote are known; in other files a person names those with values.
 * Faults: `csv-invalid` without a column of outcomes or of starts, and for a column that there is not.
 */
export function findRunColumns(
  header: readonly string[],
  map: RunColumnMap,
  values: readonly string[],
): RunColumns {
  const roles: Partial<Record<RunRole, number>> = {};
  // Once for each column: a file may have thousands.
  const recognised = header.map(roleOf);
  for (const role of RUN_ROLES) {
    const chosen = map[role];
    if (chosen === '#0') continue;
    const index = chosen === undefined ? recognised.indexOf(role) : columnOf(header, chosen);
    if (index >= 0) roles[role] = index;
  }
  const missing = (['outcome', 'started'] as const).filter((role) => roles[role] === undefined);
  if (missing.length > 0) {
    throw new Fault(
      'csv-invalid',
      `no column for ${missing.join(' and ')}; the file has: ${header.join(', ').slice(0, 400)}`,
      {
        hint: `Say which is which: --map ${missing.map((role) => `${role}=<column>`).join(',')} (a name, or #2 for the second column).`,
        details: { missing: missing.join(' ') },
      },
    );
  }
  return { roles, values: valueColumns(header, roles, values) };
}

function valueColumns(
  header: readonly string[],
  roles: Readonly<Partial<Record<RunRole, number>>>,
  wanted: readonly string[],
): ValueColumn[] {
  const taken = new Set(Object.values(roles));
  const all = header.map((_, index) => index).filter((index) => !taken.has(index));
  // A file of Gongwei has its measurements after this column.
  const { failed } = roles;
  if (wanted.length === 0)
    return failed === undefined
      ? []
      : all.filter((index) => index > failed).map((index) => named(header, index));
  if (wanted.includes('*')) return all.map((index) => named(header, index));
  return wanted.map((text) => {
    const at = text.lastIndexOf(':');
    const [column, unit] = at <= 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
    const found = named(header, columnOf(header, column));
    return unit === null ? found : { ...found, unit };
  });
}

/** Name and unit of a header as `rssi [dBm]` or `rssi (dBm)`. */
function named(header: readonly string[], index: number): ValueColumn {
  const text = header[index] ?? '';
  const [, name = text, unit = null] = /^(.*\S)\s*[[(（]([^\])）]{1,20})[\])）]$/.exec(text) ?? [];
  return { index, name, unit };
}

/** Faults: `csv-invalid`. */
function columnOf(header: readonly string[], chosen: string): number {
  const number = COLUMN_NUMBER.exec(chosen)?.[1];
  const wanted = normalizeHeader(chosen);
  const index =
    number === undefined ? header.findIndex((name) => normalizeHeader(name) === wanted) : Number(number) - 1;
  if (index >= 0 && index < header.length) return index;
  throw new Fault(
    'csv-invalid',
    `the file has no column ${chosen}; it has: ${header.join(', ').slice(0, 400)}`,
    {
      hint: 'Correct the map: a name, or #2 for the second column.',
    },
  );
}

/** Parses `serial=SN,outcome=Result`, the form of `--map`. Faults: `bad-input`. */
export function parseRunColumnMap(text: string): RunColumnMap {
  const map: { [role in RunRole]?: string } = {};
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [key = '', ...rest] = part.split('=');
    const role = RUN_ROLES.find((one) => one === key.trim());
    const column = rest.join('=').trim();
    if (role === undefined || column === '' || map[role] !== undefined) {
      throw new Fault('bad-input', `the column map cannot be read at "${part.trim()}"`, {
        hint: `Write role=<column>, each at most once; the roles are ${RUN_ROLES.join(', ')}.`,
      });
    }
    map[role] = column;
  }
  return map;
}
