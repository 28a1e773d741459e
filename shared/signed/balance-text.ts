import { visibleLine } from '../codec/visible-text.ts';
import { BALANCE_LISTS, type BalanceEntry, type BalanceList, type BatchBalance } from './balance.ts';
import { TEXT_STATION, TEXT_TITLE } from './signed-file.ts';

const TITLES: Readonly<Record<BalanceList, string>> = {
  registered: 'registered 已注册',
  retired: 'retired 作废',
  quarantined: 'quarantined 隔离',
  returned: 'returned to the pool 退回池中',
  inDoubt: 'in doubt 待确认',
  open: 'OPEN 未结清',
};

/** A balance as text for people, in both languages: the sum, then each list with one identity in a line, columns by tabs. */
export function balanceText(balance: BatchBalance): string {
  return `${[...balanceLines(balance)].join('\n')}\n`;
}

/** The lines of `balanceText`, one by one, so that a station can let its other work go on between them. */
export function* balanceLines(balance: BatchBalance): Generator<string> {
  const { batch, counts, units } = balance;
  const { firmware: image } = batch;
  const firmware = image === null ? '-' : `${image.version ?? ''} ${image.sha256}`.trim();
  yield* [
    TEXT_TITLE,
    `${TEXT_STATION}${balance.station}`,
    '',
    `batch 批次: ${visibleLine(batch.name)} (${batch.id})`,
    `product 产品: ${batch.productId}`,
    `recipe 工艺: ${visibleLine(batch.recipe.name)} ${batch.recipe.version} ${batch.recipe.hash}`,
    `firmware 固件: ${visibleLine(firmware)}`,
    `quantity 数量: ${batch.quantity}   passed 合格: ${units.passed}   not passed 不合格: ${units.notPassed}   runs 测试: ${units.runs}`,
    `closed 关闭: ${batch.closed === null ? 'no 否' : `${batch.closed.at} ${visibleLine(batch.closed.by)}`}`,
    `compared with the registry 与注册中心核对: ${balance.comparedWithRegistryAt ?? 'no 否'}`,
    `signed 签名: ${balance.signedAt} ${visibleLine(balance.signedBy)}`,
    '',
    `issued 发放 ${counts.issued} = ${BALANCE_LISTS.map((list) => `${TITLES[list]} ${counts[list]}`).join(' + ')}`,
    balance.addsUp ? 'It adds up. 数量相符。' : 'IT DOES NOT ADD UP. 数量不符。',
    ...(balance.fromElsewhere === 0
      ? []
      : [`units with an identity of another batch 使用其他批次身份的产品: ${balance.fromElsewhere}`]),
  ];
  yield* changesOf(balance);
  for (const list of BALANCE_LISTS) yield* listOf(TITLES[list], balance.lists[list]);
}

/** Cells with tabs between them; a value never has a tab or a line break. */
function row(...cells: readonly string[]): string {
  return cells.map(visibleLine).join('\t');
}

function* listOf(title: string, entries: readonly BalanceEntry[]): Generator<string> {
  if (entries.length === 0) return;
  yield* [
    '',
    `${title}: ${entries.length}`,
    row('DeviceName', 'serial number 序列号', 'unit 产品', 'since 时间', 'why 原因'),
  ];
  for (const entry of entries) yield rowOf(entry);
}

function rowOf({ deviceName, serialNumber, unit, since, why, open }: BalanceEntry): string {
  const reason = open === undefined ? why : `${open.reason}: ${open.detail === '' ? why : open.detail}`;
  return row(deviceName, serialNumber ?? '-', unit ?? '-', since, reason);
}

function* changesOf({ previous }: BatchBalance): Generator<string> {
  if (previous === null) return;
  yield* ['', `changed since ${previous.signedAt} 此后的变化: ${previous.changes.length}`];
  for (const { deviceName, from, to } of previous.changes) yield row(deviceName, from ?? '-', to ?? '-');
}
