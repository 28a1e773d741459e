import { both, type CodedText, codedTexts } from '#shared/words/index.ts';
import { REFUSED_IMPORT } from './script-realm.ts';

/** Texts about scripts that cannot run, or by which every unit would fail. */
export const scriptText = codedTexts({
  'script-import': both(
    (name: string) => `${REFUSED_IMPORT}${name}`,
    (name) => `脚本只能导入 gongwei/script，不能导入 ${name}`,
  ),
  'script-no-default': both(
    'has no default export: write export default defineScript(…)',
    '没有默认导出：请写 export default defineScript(…)',
  ),
  'script-define-not-imported': both(
    "defineScript is not imported: write import { defineScript } from 'gongwei/script'",
    "没有导入 defineScript：请写 import { defineScript } from 'gongwei/script'",
  ),
  'script-no-global': both(
    (name: string) => `${name} is not there: a script has the language and gongwei/script alone`,
    (name) => `没有 ${name}：脚本只有语言本身和 gongwei/script`,
  ),
  'script-no-member-near': both(
    (of: string, name: string, near: string) => `${of} has no ${name}${near}`,
    (of, name, near) => `${of} 没有 ${name}${near}`,
  ),
  'script-no-member': both(
    (of: string, name: string, known: string) => `${of} has no ${name}; it has ${known}`,
    (of, name, known) => `${of} 没有 ${name}；它有 ${known}`,
  ),
  'script-itself': both('a script', '脚本'),
  'script-for-each': both(
    'forEach awaits nothing: write for (const one of …) { await … }',
    'forEach 不会等待：请写 for (const one of …) { await … }',
  ),
  'script-not-awaited': both(
    (call: string) => `is not awaited: write await ${call}(…)`,
    (call) => `没有等待：请写 await ${call}(…)`,
  ),
  'script-option-missing': both(
    (name: string) => `no option ${name} is given: write with: { ${name}: … }`,
    (name) => `没有给出选项 ${name}：请写 with: { ${name}: … }`,
  ),
  'script-option-other': both(
    (name: string, other: string) => `no option ${name} is given: write with: { ${name}: … }, not ${other}`,
    (name, other) => `没有给出选项 ${name}：请写 with: { ${name}: … }，而不是 ${other}`,
  ),
  'script-sets-unnamed': both(
    (name: string) => `sets ${name}: name it in the step, as sets: [${name}]`,
    (name) => `设置了 ${name}：请在步骤中写明 sets: [${name}]`,
  ),

  'syntax-too-deep': both('is nested too deep to be read', '嵌套太深，无法读取'),
  'syntax-too-costly': both('takes too long or too much memory to be read', '读取所需的时间或内存太多'),
  'syntax-no-module': both('cannot be read as a module', '无法作为模块读取'),
  'syntax-no-typescript': both('is not TypeScript', '不是 TypeScript'),
  'syntax-unexpected-token': both(
    (token: string) => `Unexpected token ${token}`,
    (token) => `不应出现 ${token}`,
  ),
  'syntax-unexpected-name': both(
    (name: string) => `Unexpected identifier ${name}`,
    (name) => `不应出现名称 ${name}`,
  ),
  'syntax-unexpected-end': both('Unexpected end of input', '脚本在此之前没有写完'),
  'syntax-invalid-token': both('Invalid or unexpected token', '无效或多余的符号'),
  'syntax-expected': both(
    (expected: string, got: string) => `Expected ${expected}, got ${got}`,
    (expected, got) => `此处应为 ${expected}，而不是 ${got}`,
  ),
  'syntax-expected-only': both(
    (expected: string) => `Expected ${expected}`,
    (expected) => `此处应为 ${expected}`,
  ),
  'syntax-brackets': both('missing ) after argument list', '参数列表后缺少 )'),
  'syntax-declared': both(
    (name: string) => `Identifier ${name} has already been declared`,
    (name) => `名称 ${name} 已经声明过`,
  ),
  'syntax-unsupported': both(
    (message: string) => message,
    () => '此 TypeScript 写法不受支持：只允许可以直接去掉的类型，不能用 enum、namespace 和参数属性',
  ),
  'syntax-no-export': both(
    (message: string) => message,
    () => '导入的名称不存在：gongwei/script 只导出 defineScript',
  ),
  'syntax-other': both(
    (message: string) => message,
    () => '此处不是有效的 TypeScript',
  ),
});

/** A message of the parser in both languages. */
export function syntaxText(message: string): CodedText {
  switch (message) {
    case 'is nested too deep to be read':
      return scriptText('syntax-too-deep');
    case 'takes too long or too much memory to be read':
      return scriptText('syntax-too-costly');
    case 'cannot be read as a module':
      return scriptText('syntax-no-module');
    case 'is not TypeScript':
      return scriptText('syntax-no-typescript');
    case 'Unexpected end of input':
      return scriptText('syntax-unexpected-end');
    case 'Invalid or unexpected token':
      return scriptText('syntax-invalid-token');
    case 'missing ) after argument list':
      return scriptText('syntax-brackets');
  }
  const token = /^Unexpected token (\S+)$/.exec(message)?.[1];
  if (token !== undefined) return scriptText('syntax-unexpected-token', token);
  const unexpected = /^Unexpected identifier (\S+)$/.exec(message)?.[1];
  if (unexpected !== undefined) return scriptText('syntax-unexpected-name', unexpected);
  const declared = /^Identifier (\S+) has already been declared$/.exec(message)?.[1];
  if (declared !== undefined) return scriptText('syntax-declared', declared);
  const [, expected, got] = /^Expected (\S+), got (.{1,80})$/.exec(message) ?? [];
  if (expected !== undefined && got !== undefined) return scriptText('syntax-expected', expected, got);
  const only = /^Expected (\S+)$/.exec(message)?.[1];
  if (only !== undefined) return scriptText('syntax-expected-only', only);
  if (/not supported/.test(message)) return scriptText('syntax-unsupported', message);
  return scriptText(
    /does not provide an export/.test(message) ? 'syntax-no-export' : 'syntax-other',
    message,
  );
}
