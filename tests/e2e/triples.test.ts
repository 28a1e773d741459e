import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signIn } from './sign-in.ts';
import { choose } from '../renderer/support/choose.ts';
import { simulated } from '../kit/units.ts';
import { startPages } from '../kit/pages.ts';

const PRODUCT = 'GWDEMO0001';
const text = (...rows: (readonly string[])[]): string => rows.map((row) => row.join(',')).join('\n');

test('an engineer brings a CSV of triples, sees what is wrong with it, imports it, and leases and returns a block', async () => {
  await using pages = await startPages({ units: simulated(1, { timeScale: 0 }) });
  const { station } = pages.setup;
  const page = await signIn(pages, '陈静', 'engineer');
  const secrets: string[] = [];
  const secret = (): string => {
    const one = randomBytes(16).toString('base64');
    secrets.push(one);
    return one;
  };
  const available = (): Promise<string | null> =>
    page.textContent(`[data-testid="pool-${PRODUCT}"] [data-testid="available"]`);
  const bring = (content: string | Buffer): Promise<void> =>
    page.setInputFiles('[data-testid="triples-file"]', {
      name: 'triples.csv',
      mimeType: 'text/csv',
      buffer: typeof content === 'string' ? Buffer.from(content) : content,
    });

  await page.click('[data-testid="nav-pool"]');
  await page.waitForSelector('[data-testid="pool-page"]');
  await expect.poll(available).toBe('40');

  const header = ['DeviceSecret', 'Remark', 'DeviceName', 'ProductId'];
  const good = Array.from({ length: 30 }, (_, n) => [secret(), 'x', `csv_${n}`, PRODUCT]);
  await bring(text(header, ...good, [secret(), 'x', 'csv_7', PRODUCT], [secret(), 'x', 'a b', PRODUCT]));
  await page.waitForSelector('[data-testid="bad-rows"]');
  expect(await page.textContent('[data-testid="bad-rows"]')).toMatch(
    /Line 32.*The same as line 9.*Line 33.*has a blank/,
  );
  await page.click('[data-testid="import-go"]');
  expect(await page.textContent('[data-testid="missing"]')).toContain('correct or skip them');
  await page.click('[data-testid="import-cancel"]');
  expect(await available()).toBe('40');

  // As Excel saves "Unicode text", with a title, two columns with the same name, and a first row that is bound to a
  // unit.
  const rows = good.map(([one, , name], n) => [one, `灯${n}`, name, n === 0 ? 'a2-b7-00-00-00-01' : '']);
  const table = [['灯清单'], ['DeviceSecret', 'DeviceName', 'DeviceName', 'MAC'], ...rows];
  const sheet = table.map((row) => row.join('\t')).join('\r\n');
  await bring(Buffer.from(`\uFEFF${sheet}`, 'utf16le'));
  await page.waitForSelector('[data-testid="columns-problem"]');
  await choose(page, 'column-dn', '2');
  await page.fill('[data-testid="import-product"]', PRODUCT);
  await page.click('[data-testid="columns-apply"]');
  await page.waitForSelector('[data-testid="preview"]');
  expect(await page.textContent('[data-testid="file-notes"]')).toMatch(
    /UTF-16 LE.*1 row.*line 2.*for one unit/s,
  );
  expect(await page.textContent('[data-testid="preview-examples"]')).toContain('csv_0 for A2:B7:00:00:00:01');
  expect(await page.textContent('[data-testid="preview-good"]')).toBe('30');
  await page.click('[data-testid="import-go"]');
  await expect.poll(available).toBe('70');
  expect(await page.textContent('[data-testid="bound"]')).toContain('1 of them for one unit');
  await expect.poll(() => readdir(join(station.database.file, '..', 'drops')).catch(() => [])).toEqual([]);

  // The block of 40 was leased when the station was opened; none of it is claimed.
  await page.click('[data-testid="give-back"]');
  await expect.poll(() => page.textContent('[data-testid="give-back-will"]')).toContain('40 leased triples');
  await page.click('[data-testid="give-back-go"]');
  await expect.poll(available).toBe('30');
  await page.click('[data-testid="lease-product"]');
  await page.fill('[data-testid="lease-count"]', '12');
  await page.click('[data-testid="lease-go"]');
  await expect.poll(available).toBe('42');

  const content = await page.content();
  for (const one of secrets) expect(content).not.toContain(one);
  const trail = [...station.database.audit.iterate()].filter(({ actor }) => actor === '陈静');
  expect(trail.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['pool.import', 'pool.return', 'pool.lease']),
  );
});
