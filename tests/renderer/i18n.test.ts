import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAmpeLine } from '#shared/domain/ampe.ts';
import { refusalOf } from '#shared/domain/ampe-refusal.ts';
import { FAULT_CODES } from '#shared/domain/fault.ts';
import { fill, fillWhole, placeholders } from '../../renderer/src/services/i18n/fill.ts';
import {
  DICTIONARIES,
  FAULT_DICTIONARIES,
  LANGUAGES,
  preferredLanguage,
  TERMINAL_WORDS,
} from '../../renderer/src/services/i18n/language.ts';
import { sentencesOf } from '../../renderer/src/services/i18n/sentences.ts';
import { createTranslator, formatElapsed } from '../../renderer/src/services/i18n/translator.ts';
import { AMPE_SHEET } from '../simulator/support/ampe-sheet.ts';

const SOURCE = join(import.meta.dirname, '../../renderer/src');

describe('the dictionaries', () => {
  const master = DICTIONARIES['zh-CN'];

  it.each(LANGUAGES)('%s has every message, none of them empty, with the same placeholders', (language) => {
    const dictionary: Readonly<Record<string, string>> = DICTIONARIES[language];
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
      expect(words.what, code).toMatch(/[.。]$/);
      expect(words.todo, code).toMatch(/[.。]$/);
      expect(placeholders(words.what + words.todo), `${code} must be whole without details`).toEqual([]);
      expect(placeholders(words.more ?? ''), code).toEqual(placeholders(same.more ?? ''));
    }
  });

  it.each(LANGUAGES)('%s has words for every refusal that the sheet of the terminal prints', (language) => {
    const han = /\p{Script=Han}/u;
    const i18n = createTranslator(language);
    for (const message of AMPE_SHEET.exchanges.flatMap(({ failures }) => failures)) {
      const said = readAmpeLine(JSON.stringify(message));
      const reason = said === null ? null : refusalOf(said)?.reason;
      const { en, zh, remedy } = reason ?? {};
      const spoken = i18n.fault('device-rejected', {
        reason: en ?? null,
        reasonZh: zh ?? null,
        remedy: remedy ?? null,
      });
      expect(spoken.what).toContain(language === 'en' ? en : zh);
      expect(han.test(spoken.what + spoken.todo)).toBe(language === 'zh-CN');
    }
    for (const todo of Object.values(TERMINAL_WORDS[language].todo)) expect(todo).toMatch(/[.。]$/);
    expect(i18n.fault('device-rejected', { reason: 'x' })).toEqual(i18n.fault('device-rejected'));
  });

  it('has no English noun in the plural beside a number that may be one', () => {
    for (const [key, text] of Object.entries(DICTIONARIES.en)) {
      expect(text, key).not.toMatch(
        /\{\w+\} (?:more |leased )?(?:triples|units|tests|records|rows|columns|cells|runs|rules|identities|reasons|measurements|phases|steps|digits|characters|need|are)\b/,
      );
      for (const [, name, forms = ''] of text.matchAll(/\{(\w+)((?:\|[^|{}]*)+)\}/g)) {
        expect(forms.split('|'), `${key}: one form and another`).toHaveLength(3);
        expect(text, key).toContain(`{${name ?? ''}}`);
      }
    }
    for (const text of Object.values(DICTIONARIES['zh-CN'])) expect(text).not.toContain('|');
  });

  it('speaks Chinese in Chinese and English in English', () => {
    const han = /\p{Script=Han}/u;
    for (const [key, text] of Object.entries(DICTIONARIES.en)) {
      if (['app.title', 'preferences.language', 'preferences.languageTitle', 'help.f6'].includes(key))
        continue;
      expect(text, key).not.toMatch(han);
    }
    for (const code of FAULT_CODES) {
      expect(FAULT_DICTIONARIES['zh-CN'][code].what + FAULT_DICTIONARIES['zh-CN'][code].todo, code).toMatch(
        han,
      );
      expect(JSON.stringify(FAULT_DICTIONARIES.en[code]), code).not.toMatch(han);
    }
  });

  it('has no message that nothing says, and the pages have no text of their own', async () => {
    const files = (await readdir(SOURCE, { recursive: true })).filter((file) => /\.(vue|ts)$/.test(file));
    const sources = await Promise.all(
      files
        .filter((file) => !file.startsWith('i18n'))
        .map(async (file) => ({ file, text: await readFile(join(SOURCE, file), 'utf8') })),
    );
    const all = sources.map(({ text }) => text).join('\n');
    // Keys that are put together from an outcome, a role, a verdict…: said when something begins like them.
    const beginnings = [...all.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map(([, beginning = '']) => beginning);
    const said = (key: string): boolean =>
      key === 'list.separator' ||
      all.includes(`'${key}'`) ||
      beginnings.some((beginning) => key.startsWith(beginning));
    const unsaid = Object.keys(master).filter((key) => !said(key));
    expect(unsaid).toEqual([]);
    for (const { file, text } of sources) {
      const template = /<template>([\s\S]*)<\/template>/.exec(text)?.[1] ?? '';
      expect(template, file).not.toMatch(/\p{Script=Han}/u);
    }
  });
});

describe('saying things', () => {
  it('lets nouns agree with their numbers', () => {
    const [en, zh] = [createTranslator('en'), createTranslator('zh-CN')];
    expect([0, 1, 2, 1001].map((count) => en.t('pool.available', { count }))).toEqual([
      '0 triples',
      '1 triple',
      '2 triples',
      '1,001 triples',
    ]);
    expect(zh.t('pool.available', { count: 1 })).toBe('三元组 1');
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
    const i18n = createTranslator('zh-CN');
    expect(i18n.fault('serial-malformed', { example: 'SN1' }).more).toBe('正确的样子：SN1');
    expect(i18n.fault('serial-malformed', { example: null }).more).toBeNull();
  });

  it('writes numbers, times and lists the way the language does', () => {
    const en = createTranslator('en');
    expect(en.t('picker.quantity', { passed: 12, quantity: 1200 })).toBe('12 / 1,200');
    expect(en.percent(0.985)).toBe('98.5%');
    expect(en.list([1, 4, 16])).toBe('1, 4, 16');
    expect(createTranslator('zh-CN').list([1, 4])).toBe('1、4');
    expect(en.timeOfDay(new Date(2026, 10, 20, 9, 5).getTime())).toBe('09:05');
  });

  it('says about how long something lasts', () => {
    const lasts = [20_000, 48 * 60_000, 3 * 3_600_000, 80 * 3_600_000];
    expect(lasts.map(createTranslator('en').period)).toEqual(['1 min', '48 min', '3 hr', '3 days']);
    expect(createTranslator('zh-CN').period(48 * 60_000)).toContain('分钟');
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
