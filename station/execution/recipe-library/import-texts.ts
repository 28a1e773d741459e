import { Fault } from '#shared/domain/fault.ts';
import { both, type CodedText, codedTexts, textDetails } from '#shared/words/index.ts';

/** Why files are not accepted as a recipe. */
export const importText = codedTexts({
  'no-recipe': both(
    'there is no recipe among these files: no name ends in .yaml',
    '这些文件中没有工艺：没有以 .yaml 结尾的文件名',
  ),
  'several-recipes': both(
    (names: string) => `there are several recipes among these files: ${names}`,
    (names) => `这些文件中有多份工艺：${names}`,
  ),
  'two-files': both(
    (name: string) => `there are two files ${name}`,
    (name) => `有两个文件都叫 ${name}`,
  ),
  'file-name': both(
    (name: string) =>
      `"${name}" cannot be the name of a file of a recipe: begin with a letter or digit, then use letters, digits, dots, hyphens and underscores, and / between folders`,
    (name) =>
      `“${name}”不能作为工艺文件的名称：以英文字母或数字开头，只能用英文字母、数字、点、连字符和下划线，文件夹之间用 /`,
  ),
  'file-taken': both(
    (name: string) => `the recipe has a file ${name} already`,
    (name) => `工艺已有文件 ${name}`,
  ),
  'file-case': both(
    (name: string, other: string) =>
      `the names ${other} and ${name} differ in upper and lower case only, and are one file on other computers`,
    (name, other) => `文件名 ${other} 和 ${name} 只有大小写不同，在其他电脑上是同一个文件`,
  ),
  'file-large': both(
    (name: string, bytes: number, most: number) => `${name}: ${bytes} bytes, more than ${most}`,
    (name, bytes, most) => `${name}：${bytes} 字节，超过 ${most} 字节`,
  ),
  'files-together': both('the files together', '全部文件合计'),
  'file-picture': both(
    (name: string) => `${name} is a picture, not a text`,
    (name) => `${name} 是图片，不是文本`,
  ),
  'zip-files': both(
    (archive: string, count: number) => `${archive} has ${count} files`,
    (archive, count) => `${archive} 有 ${count} 个文件，太多`,
  ),
  'zip-large': both(
    (archive: string, most: number) => `${archive} unpacks to more than ${most} bytes`,
    (archive, most) => `${archive} 解开后超过 ${most} 字节`,
  ),
  'zip-damaged': both(
    (archive: string, name: string) => `${archive} is damaged: ${name}`,
    (archive, name) => `${archive} 已损坏：${name}`,
  ),
  'zip-two-files': both(
    (archive: string, name: string) => `${archive} holds two files ${name}`,
    (archive, name) => `${archive} 中有两个文件都叫 ${name}`,
  ),
  'zip-unreadable': both(
    (archive: string, reason: string) => `${archive} cannot be unpacked: ${reason}`,
    (archive) => `${archive} 无法解开：文件不完整或不是普通的 zip`,
  ),
  'zip-link': both(
    (archive: string, name: string) => `${archive} holds ${name}, which is a link`,
    (archive, name) => `${archive} 中的 ${name} 是链接`,
  ),
  'zip-encrypted': both(
    (archive: string) => `${archive} is encrypted`,
    (archive) => `${archive} 已加密`,
  ),
});

/**
 * Refuses names that differ in upper and lower case only from one that is there, or from each other: Windows and macOS have one
 * file for both. Faults: `recipe-files-invalid`.
 */
export function requireOtherCase(present: Iterable<string>, added: readonly string[]): void {
  const known = new Map([...present].map((name) => [name.toLowerCase(), name]));
  for (const name of added) {
    const other = known.get(name.toLowerCase());
    if (other !== undefined && other !== name)
      throw filesRefused(
        importText('file-case', name, other),
        'Choose another name, or leave one of them out.',
      );
    known.set(name.toLowerCase(), name);
  }
}

/** The fault `recipe-files-invalid` with its reason in both languages. */
export function filesRefused(text: CodedText, hint: string): Fault {
  return new Fault('recipe-files-invalid', text.en, {
    hint,
    details: { code: text.code, ...textDetails('reason', text) },
  });
}
