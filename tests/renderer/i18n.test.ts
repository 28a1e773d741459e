import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAmpeLine } from '#shared/domain/ampe.ts';
import { refusalOf } from '#shared/domain/ampe-refusal.ts';
import { FAULT_CODES } from '#shared/domain/fault.ts';
import { FAULT_DICTIONARIES, TERMINAL_WORDS } from '#shared/words/faults/dictionaries.ts';
import { fill, fillWhole, LANGUAGES, placeholders, preferredLanguage } from '#shared/words/index.ts';
import type { Translation } from '../../renderer/src/services/i18n/messages.ts';
import { sentencesOf } from '../../renderer/src/services/i18n/sentences.ts';
import { formatElapsed } from '../../renderer/src/services/i18n/translator.ts';
import { AMPE_SHEET } from '../simulator/support/ampe-sheet.ts';
import { ALL_WORDS, FIRST_WORDS, translatorOf } from './support/words.ts';

const SOURCE = join(import.meta.dirname, '../../renderer/src');

/** Placeholders that stand for a number of things. */
const COUNTS = new Set(
  'count units rows phases steps runs total pending parked quantity remaining passed minLength added skipped refused cells columns length available perHour size bound min'.split(
    ' ',
  ),
);
/** Placeholders that stand for a name, a time, a text, or a number that counts nothing. */
const NO_COUNTS = new Set(
  'measurement port act address approver at attempt batch baudRate before change character column condition conditions cpk date deviceName done draft encoding every example file folder fpy from height id index kbit keys kind left limit limits line list lockedBy max memory minutes ms name names number operator outcome owner page path phase pin place places problem product productId reason recipe role rty rules seconds serial sha256 share since slot slots state station step text theme time times title titles to unit user version what width x y because'.split(
    ' ',
  ),
);
/** Counts that stand without a noun, as figures do. */
const WITHOUT_NOUN = [
  'batches.runs.latest {count}',
  'header.pool.bound {count}',
  'header.pool.inDoubt {count}',
  'header.pool.reserved {count}',
  'header.sync.offlineWaiting {pending}',
  'header.sync.sending {pending}',
  'labels.pictureTooLarge {size}',
  'notice.poolLow {remaining}',
  'notice.poolSoon {count}',
  'notice.poolSoonFree {count}',
  'picker.notPassed {count}',
  'picker.quantity {passed}',
  'picker.quantity {quantity}',
  'runs.dialogue.about {count}',
  'runs.export.done {size}',
  'runs.export.progressOf {runs}',
  'runs.replay.part {count}',
  'scan.moreWaiting {count}',
  'setup.progress {total}',
  'slot.phaseOf {count}',
  'station.backup.wholeNumber {min}',
  'sync.exported {size}',
  'sync.health.diskFree {size}',
  'sync.setAsideCount {count}',
  'triples.badRow.short {cells}',
  'triples.intoOne {count}',
  'triples.leased {available}',
  'triples.note.bound {columns}',
  'triples.note.counted {columns}',
  'triples.note.unused {columns}',
  'triples.pace {perHour}',
  'triples.total {count}',
  'ui.table.found {count}',
  'ui.table.pageSize {size}',
  'ui.table.range {total}',
  'yields.hours {count}',
  'yields.minutes {count}',
  'yields.passedOf {passed}',
  'yields.phaseUnits {passed}',
  'yields.phaseUnits {units}',
];

/** The placeholders of a fault. */
function faultTexts(): Record<string, string> {
  return Object.fromEntries(FAULT_CODES.map((code) => [code, FAULT_DICTIONARIES.en[code].more ?? '']));
}

describe('the dictionaries', () => {
  const master = ALL_WORDS['zh-CN'];

  it.each(LANGUAGES)('%s has every message, none of them empty, with the same placeholders', (language) => {
    const dictionary = ALL_WORDS[language];
    expect(Object.keys(dictionary).sort()).toEqual(Object.keys(master).sort());
    for (const [key, text] of Object.entries(master)) {
      expect(dictionary[key]?.trim() ?? '', key).not.toBe('');
      expect(placeholders(dictionary[key] ?? ''), key).toEqual(placeholders(text));
    }
  });

  it.each(LANGUAGES)('%s has words for every fault: what happened and what to do', (language) => {
    expect(Object.keys(FAULT_DICTIONARIES[language]).sort()).toEqual([...FAULT_CODES].sort());
    for (const code of FAULT_CODES) {
      const words = FAULT_DICTIONARIES[language][code];
      const same = FAULT_DICTIONARIES['zh-CN'][code];
      expect(words.message, code).toMatch(/[.。]$/);
      expect(words.action, code).toMatch(/[.。]$/);
      expect(placeholders(words.message + words.action), `${code} must be whole without details`).toEqual([]);
      expect(placeholders(words.more ?? ''), code).toEqual(placeholders(same.more ?? ''));
    }
  });

  it.each(LANGUAGES)('%s has words for every refusal that the sheet of the terminal prints', (language) => {
    const han = /\p{Script=Han}/u;
    const i18n = translatorOf(language);
    for (const message of AMPE_SHEET.exchanges.flatMap(({ failures }) => failures)) {
      const parsed = readAmpeLine(JSON.stringify(message));
      const reason = parsed === null ? null : refusalOf(parsed)?.reason;
      const { en, zh, remedy } = reason ?? {};
      const texts = i18n.fault('device-rejected', {
        reason: en ?? null,
        reasonZh: zh ?? null,
        remedy: remedy ?? null,
      });
      expect(texts.message).toContain(language === 'en' ? en : zh);
      expect(han.test(texts.message + texts.action)).toBe(language === 'zh-CN');
    }
    for (const action of Object.values(TERMINAL_WORDS[language].action)) expect(action).toMatch(/[.。]$/);
    expect(i18n.fault('device-rejected', { reason: 'x' })).toEqual(i18n.fault('device-rejected'));
  });

  it.each(LANGUAGES)('%s says that a registry does not know the token, or does not allow it', (language) => {
    const i18n = translatorOf(language);
    const { message, action } = i18n.fault('registry-refused', { code: 'unauthorized', status: 401 });
    expect(message).toContain(language === 'en' ? 'does not know this token' : '不认识这个令牌');
    expect(action).toContain(`${i18n.t('station.title')} › ${i18n.t('station.registry')}`);
    expect(i18n.fault('registry-refused', { code: 'forbidden' }).message).not.toBe(message);
    expect(i18n.fault('registry-refused', { code: 'not-found' }).action).toContain('ProductId');
    expect(i18n.fault('registry-refused', { code: 'conflict' })).toEqual(i18n.fault('registry-refused'));
    expect(i18n.fault('not-found', { code: 'unauthorized' })).toEqual(i18n.fault('not-found'));
  });

  it('has each key once', async () => {
    const files = (await readdir(SOURCE, { recursive: true })).filter((file) =>
      file.endsWith('words.zh-cn.ts'),
    );
    const texts = await Promise.all(files.map((file) => readFile(join(SOURCE, file), 'utf8')));
    const keys = texts.flatMap((text) => [...text.matchAll(/^ {2}'([^']+)':/gm)].map(([, key = '']) => key));
    expect([...keys].sort()).toEqual(Object.keys(master).sort());
  });

  it('has a translation for each message of a feature, and for nothing else', () => {
    const complete: Translation<{ a: string; b: string }> = { a: 'x', b: 'y' };
    // @ts-expect-error: a message is missing.
    const missing: Translation<{ a: string; b: string }> = { a: 'x' };
    // @ts-expect-error: a message that the Chinese words do not have.
    const unknown: Translation<{ a: string }> = { a: 'x', c: 'y' };
    expect([complete, missing, unknown].map((words) => Object.keys(words).length)).toEqual([2, 1, 2]);
  });

  it('has a singular and a plural for every count in English, and one form in Chinese', () => {
    const withoutNoun = new Set<string>();
    for (const [key, text] of Object.entries({ ...ALL_WORDS.en, ...faultTexts() })) {
      for (const name of placeholders(text)) {
        if (!COUNTS.has(name)) continue;
        // The other values are left as they are: they must not hide that this one changes nothing.
        const sentence = (count: number): string =>
          fill(text, { [name]: count }, { language: 'en', number: () => '#' });
        const [one, two, many] = [sentence(1), sentence(2), sentence(21)];
        expect(two, key).toBe(many);
        if (one === two) withoutNoun.add(`${key} {${name}}`);
      }
    }
    // A new message either agrees with its number or is added to the list.
    expect([...withoutNoun].sort()).toEqual([...WITHOUT_NOUN].sort());
    for (const text of Object.values(ALL_WORDS['zh-CN'])) expect(text).not.toContain('|');
  });

  it('shows no number whose placeholder is not known to be a count or something else', () => {
    const names = new Set(Object.values(ALL_WORDS.en).flatMap((text) => placeholders(text)));
    expect([...names].filter((name) => !COUNTS.has(name) && !NO_COUNTS.has(name))).toEqual([]);
  });

  it('speaks Chinese in Chinese and English in English', () => {
    const han = /\p{Script=Han}/u;
    for (const [key, text] of Object.entries(ALL_WORDS.en)) {
      if (
        [
          'app.title',
          'preferences.language',
          'preferences.languageTitle',
          'help.f6',
          'shell.language',
        ].includes(key)
      )
        continue;
      expect(text, key).not.toMatch(han);
    }
    for (const code of FAULT_CODES) {
      expect(
        FAULT_DICTIONARIES['zh-CN'][code].message + FAULT_DICTIONARIES['zh-CN'][code].action,
        code,
      ).toMatch(han);
      expect(JSON.stringify(FAULT_DICTIONARIES.en[code]), code).not.toMatch(han);
    }
  });

  it('has every word of the first load there, whatever page is opened later', async () => {
    const lazy = /^(app\/shell|ui\/|features\/(?!operator\/))/;
    const files = (await readdir(SOURCE, { recursive: true })).filter((file) => /\.(vue|ts)$/.test(file));
    const missing: string[] = [];
    for (const file of files.filter((one) => !lazy.test(one) && !/words\.(en|zh-cn)\.ts$/.test(one))) {
      const text = await readFile(join(SOURCE, file), 'utf8');
      for (const [, key = ''] of text.matchAll(/(?<!call\()'([a-zA-Z]+\.[\w.-]+)'/g))
        if (key in ALL_WORDS.en && !(key in FIRST_WORDS.en)) missing.push(`${file}: ${key}`);
      for (const [, beginning = ''] of text.matchAll(/`([a-zA-Z.]+\.)\$\{/g)) {
        const begins = (words: object): number =>
          Object.keys(words).filter((key) => key.startsWith(beginning)).length;
        if (begins(ALL_WORDS.en) !== begins(FIRST_WORDS.en)) missing.push(`${file}: ${beginning}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('has no unused message, and the pages have no text of their own', async () => {
    const files = (await readdir(SOURCE, { recursive: true })).filter((file) => /\.(vue|ts)$/.test(file));
    const sources = await Promise.all(
      files
        .filter((file) => !/words\.(en|zh-cn)\.ts$/.test(file))
        .map(async (file) => ({ file, text: await readFile(join(SOURCE, file), 'utf8') })),
    );
    const all = sources.map(({ text }) => text).join('\n');
    // Keys that are put together from an outcome, a role, a verdict…: said when something begins like them.
    const beginnings = [...all.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map(([, beginning = '']) => beginning);
    const isUsed = (key: string): boolean =>
      key === 'list.separator' ||
      all.includes(`'${key}'`) ||
      beginnings.some((beginning) => key.startsWith(beginning));
    const unused = Object.keys(master).filter((key) => !isUsed(key));
    expect(unused).toEqual([]);
    for (const { file, text } of sources) {
      const template = /<template>([\s\S]*)<\/template>/.exec(text)?.[1] ?? '';
      expect(template, file).not.toMatch(/\p{Script=Han}/u);
    }
  });
});

describe('saying things', () => {
  it('lets nouns agree with their numbers', () => {
    const [en, zh] = [translatorOf('en'), translatorOf('zh-CN')];
    expect([0, 1, 2, 1001].map((count) => en.t('common.triples', { count }))).toEqual([
      '0 triples',
      '1 triple',
      '2 triples',
      '1,001 triples',
    ]);
    expect(zh.t('common.triples', { count: 1 })).toBe('三元组 1');
    expect(en.t('notice.poolLow', { count: 1, remaining: 3 })).toContain('Only 1 triple is left');
    expect(en.t('batches.steps', { phases: 1, steps: 2 })).toBe('1 phase, 2 steps');
    // A number that came as text counts as one, and never shows the braces.
    expect(fill('{n} {n|row|rows}', { n: '1' })).toBe('1 row');
    expect(fill('{n} {n|row|rows}', {})).toBe('{n} {n|row|rows}');
  });

  it('fills placeholders, and shows extra words only when it has all their values', () => {
    expect(fill('{a} of {b}', { a: 1, b: '2' })).toBe('1 of 2');
    expect(fillWhole('slot {slot}', {})).toBeNull();
    expect(fillWhole('Port {port}[: {holder}]', { port: 'COM3' })).toBe('Port COM3');
    expect(fillWhole('Port {port}[: {holder}]', { port: 'COM3', holder: 'putty' })).toBe('Port COM3: putty');
    expect(fillWhole('Port {port}[: {holder}]', { holder: 'putty' })).toBeNull();
    const i18n = translatorOf('zh-CN');
    expect(i18n.fault('serial-malformed', { example: 'SN1' }).more).toBe('正确的样子：SN1');
    expect(i18n.fault('serial-malformed', { example: null }).more).toBeNull();
  });

  it('writes numbers, times and lists the way the language does', () => {
    const en = translatorOf('en');
    expect(en.t('picker.quantity', { passed: 12, quantity: 1200 })).toBe('12 / 1,200');
    expect(en.percent(0.985)).toBe('98.5%');
    expect(en.list([1, 4, 16])).toBe('1, 4, 16');
    expect(translatorOf('zh-CN').list([1, 4])).toBe('1、4');
    expect(en.timeOfDay(new Date(2026, 10, 20, 9, 5).getTime())).toBe('09:05');
  });

  it('says about how long something lasts', () => {
    const lasts = [20_000, 48 * 60_000, 3 * 3_600_000, 80 * 3_600_000];
    expect(lasts.map(translatorOf('en').period)).toEqual(['1 min', '48 min', '3 hr', '3 days']);
    expect(translatorOf('zh-CN').period(48 * 60_000)).toBe('48 分钟');
    expect(translatorOf('zh-CN').period(12 * 3_600_000)).toBe('12 小时');
    const ages = [5_000, 60_000, 300_000, 2 * 3_600_000, 86_400_000, 3 * 86_400_000];
    expect(ages.map(translatorOf('en').ago)).toEqual([
      'now',
      '1 min. ago',
      '5 min. ago',
      '2 hr. ago',
      'yesterday',
      '3 days ago',
    ]);
    expect(ages.map(translatorOf('zh-CN').ago)).toEqual([
      '现在',
      '1分钟前',
      '5分钟前',
      '2小时前',
      '昨天',
      '3天前',
    ]);
  });

  it('parts a text into sentences and leaves numbers whole', () => {
    expect(sentencesOf('测试被停止。请再测一次！')).toEqual(['测试被停止。', '请再测一次！']);
    expect(sentencesOf('It is 3.5 V. Test again.')).toEqual(['It is 3.5 V.', 'Test again.']);
    expect(sentencesOf('')).toEqual([]);
  });

  it('counts elapsed time in minutes, then hours', () => {
    expect([-5, 7_000, 760_000, 3_729_000].map(formatElapsed)).toEqual(['0:00', '0:07', '12:40', '1:02:09']);
  });

  it('starts in the first language of the system that it speaks', () => {
    expect(preferredLanguage(['zh-TW', 'en'])).toBe('zh-CN');
    expect(preferredLanguage(['de-DE', 'en-GB', 'zh'])).toBe('en');
    expect(preferredLanguage(['fr'])).toBe('en');
  });
});
