import { describe, expect, it } from 'vitest';
import { SEARCH_WORDS } from '../../renderer/src/features/station/search-words.ts';
import { findSettings } from '../../renderer/src/features/station/find-settings.ts';
import { SECTIONS } from '../../renderer/src/features/station/sections.ts';
import { translatorOf } from './support/words.ts';

const found = (search: string, language: 'en' | 'zh-CN' = 'en'): string[] =>
  findSettings(search, translatorOf(language).t).map(({ to, id }) => `${to.name}/${id}`);

describe('the search in settings', () => {
  it.each([
    ['COM', 'station-slots/ports'],
    ['com3', 'station-slots/ports'],
    ['串口', 'station-slots/ports'],
    ['打印', 'station-printer/printer'],
    ['print', 'station-printer/printer'],
    ['ＺＰＬ', 'station-printer/language-of-printer'],
    ['PIN', 'users/users'],
    ['密码', 'users/users'],
    ['工牌', 'users/users'],
    ['升级', 'station-updates/updates'],
    ['dark', 'station-line/theme'],
    ['继电器', 'station-slots/board'],
    ['relay', 'station-slots/board'],
    ['蓝牙', 'station-slots/ble'],
    ['restore', 'station-backup/backup'],
    ['磁盘', 'station-storage/usage'],
    ['token', 'station-registry/token'],
    ['证书', 'station-registry/fingerprint'],
  ])('finds %s in either language of the pages', (search, setting) => {
    for (const language of ['en', 'zh-CN'] as const) expect(found(search, language)).toContain(setting);
  });

  it('finds the titles of both languages, those of the search first, and nothing without all of its words', () => {
    expect(found('Greatest age, days', 'zh-CN')).toEqual(['station-storage/age']);
    expect(found('Sounds')[0]).toBe('station-line/sound');
    expect(found('printer elephant')).toEqual([]);
    expect(found('  ')).toEqual([]);
  });

  it('has other words for settings that exist', () => {
    const known = SECTIONS.flatMap(({ id, settings }) => settings.map((setting) => `${id}/${setting.id}`));
    expect(Object.keys(SEARCH_WORDS).filter((name) => !known.includes(name))).toEqual([]);
  });
});
