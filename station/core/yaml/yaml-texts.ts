import { both, codedTexts, counted } from '#shared/words/index.ts';

/** Texts about the YAML of a recipe, and about the files beside it. */
export const yamlText = codedTexts({
  'yaml-alias': both('put quotes around a text that begins with & or *', '以 & 或 * 开头的文本要加引号'),
  'yaml-escape': both(
    "in double quotes a backslash is an escape of YAML: write the text in single quotes, as '^V=(\\d+)$'",
    "双引号中的反斜杠是 YAML 的转义：请用单引号，如 '^V=(\\d+)$'",
  ),
  'yaml-indent': both('is not indented as the lines that it belongs to', '缩进与它所属的行不一致'),
  'yaml-scalar-start': both(
    'put quotes around a text that begins with a sign such as @, ` or %',
    '以 @、` 或 % 等符号开头的文本要加引号',
  ),
  'yaml-key-twice': both('this key is written twice in one place', '同一处写了两次这个键'),
  'yaml-no-pair': both(
    'is no "key: value": the colon is ":" (not "：") with a blank behind it, and an entry of a list begins with "- "',
    '不是“键: 值”：冒号应为 ":"（不是“：”），后面有空格；列表的每一项以 "- " 开头',
  ),
  'yaml-documents': both(
    'a recipe is one document: leave out "---" and what follows it',
    '工艺只能是一个文档：请去掉 "---" 及其后的内容',
  ),
  'yaml-tab': both('lines are indented with blanks, not with tabs', '缩进用空格，不能用制表符'),
  'yaml-unexpected': both(
    'is not expected here: look at the quotes, brackets and indentation before it',
    '不应出现在这里：请检查它前面的引号、括号和缩进',
  ),
  'yaml-open': both(
    'a { or [ is not closed before here, or a comma is missing',
    '此前有 { 或 [ 没有关闭，或缺少逗号',
  ),
  'yaml-dash': both(
    'an entry of a list begins with "- ": a blank is missing behind the "-"',
    '列表的每一项以 "- " 开头："-" 后面缺少空格',
  ),
  'yaml-deeper': both(
    'the line below is indented further than this one: keys of one entry stand below each other',
    '下一行比本行缩进更深：同一项的键要上下对齐',
  ),
  'yaml-two-keys': both(
    'a line has one "key: value": put the second on a line of its own, or the text with ": " in quotes',
    '一行只能有一个“键: 值”：请把第二个另起一行，或给含有 ": " 的文本加引号',
  ),
  'yaml-deep': both('is nested too deep', '嵌套太深'),
  'yaml-quote-open': both('the quote that is opened here is not closed', '此处的引号没有关闭'),
  'yaml-quote-open-line': both(
    'the quote that is opened here is not closed on its line',
    '此处的引号在本行没有关闭',
  ),
  'yaml-block-in-flow': both(
    'within { } and [ ] lists and keys are written in { } and [ ], too',
    '在 { } 和 [ ] 之中，列表和键也要写在 { } 和 [ ] 里',
  ),
  'yaml-comma': both(
    'a comma is missing before a key in here, which is "," and not "，" or ";"',
    '其中某个键之前缺少逗号；逗号应为 ","，不是“，”或“;”',
  ),
  'yaml-block-sign': both('put quotes around a text that begins with | or >', '以 | 或 > 开头的文本要加引号'),
  'yaml-single-quote': both(
    "the text ends at the quote before here: a ' that belongs to it is written twice, as 'it''s'",
    "文本在前面的引号处结束：文本中的 ' 要写两次，如 'it''s'",
  ),
  'yaml-double-quote': both(
    'the text ends at the quote before here: a " that belongs to it is written as \\"',
    '文本在前面的引号处结束：文本中的 " 写作 \\"',
  ),
  'yaml-brackets-text': both(
    "put quotes around a text with { } [ ] or a comma in it, as 'LED {mac}'",
    "含有 { } [ ] 或逗号的文本要加引号，如 'LED {mac}'",
  ),
  'yaml-closes-nothing': both(
    (sign: string) => `"${sign}" closes nothing: one is too many, or one that opens is missing`,
    (sign) => `"${sign}" 没有对应的开头：多写了一个，或缺少开头的括号`,
  ),
  'yaml-bracket-begin': both(
    "put quotes around a text that begins with { or [, as '{mac} on'",
    "以 { 或 [ 开头的文本要加引号，如 '{mac} on'",
  ),
  'yaml-other': both(
    (message: string) => message,
    () => '无法按 YAML 读取',
  ),
  'yaml-sign': both(
    (sign: string) => `put quotes around a text that begins with ${sign}`,
    (sign) => `以 ${sign} 开头的文本要加引号`,
  ),
  'yaml-alias-text': both(
    (name: string) => `put quotes around a text that begins with *, as '*${name}'; a recipe has no aliases`,
    (name) => `以 * 开头的文本要加引号，如 '*${name}'；工艺不能使用别名`,
  ),
  'yaml-foreign-quotes': both(
    'quotes are \' or ", not those of a text processor: these are part of the text',
    '引号应为 \' 或 "，不是文字处理软件的引号：它们成了文本的一部分',
  ),
  'yaml-wide-colon': both(
    'the colon is ":", not "：", with a blank behind it',
    '冒号应为 ":"，不是“：”，后面有空格',
  ),
  'yaml-colon-blank': both('a blank is missing behind the colon', '冒号后面缺少空格'),
  'yaml-brace-text': both(
    (text: string) => `put quotes around a text that begins with {, as '{${text}}'`,
    (text) => `以 { 开头的文本要加引号，如 '{${text}}'`,
  ),
  'yaml-comma-text': both(
    "put quotes around a text with a comma in it, as 'A,B'; write a number with a point, as 3.1",
    "含有逗号的文本要加引号，如 'A,B'；数字的小数点写作“.”，如 3.1",
  ),
  'yaml-too-long': both(
    (most: number) => `a recipe has at most ${most} characters`,
    (most) => `工艺最多 ${most} 个字符`,
  ),
  'yaml-many-signs': both(
    (most: number) => `a recipe has at most ${most} words and signs`,
    (most) => `工艺最多 ${most} 个词和符号`,
  ),
  'yaml-many-keys': both(
    (most: number) => `an object of a recipe has at most ${counted(most, 'entry', 'entries')}`,
    (most) => `工艺的一个对象最多 ${most} 项`,
  ),
  'yaml-key-word': both('a key of a recipe is one word', '工艺的键只能是一个词'),
  'yaml-no-alias': both('a recipe has no aliases: write it out', '工艺不能使用别名：请写出全文'),

  'file-encoding': both(
    (what: string) => `this file ${what}`,
    (what) => `此文件${what}`,
  ),
  'file-encoding-at': both(
    (name: string, line: number, column: number, what: string) =>
      `${name}:${line}:${column}: this file ${what}`,
    (name, line, column, what) => `${name}:${line}:${column}：此文件${what}`,
  ),
  'file-missing': both(
    (name: string, near: string) => `${name} is not in the folder of the recipe${near}`,
    (name, near) => `工艺的文件中没有 ${name}${near}`,
  ),
  'file-not-taken': both(
    (name: string) =>
      `${name} is not taken: it is a link out of the folder of the recipe, or no file; put a copy of the file there`,
    (name) => `不采用 ${name}：它是指向工艺文件夹之外的链接，或不是文件；请将文件复制到该文件夹`,
  ),
  'file-too-large': both(
    (name: string, bytes: number, most: number) =>
      `${name} has ${bytes} bytes; a file that is sent has at most ${most}`,
    (name, bytes, most) => `${name} 有 ${bytes} 字节；要发送的文件最多 ${most} 字节`,
  ),
  'file-no-picture': both(
    (name: string) => `${name} is not a picture that a page can show: PNG, JPEG, GIF or WebP`,
    (name) => `${name} 不是页面可以显示的图片：请用 PNG、JPEG、GIF 或 WebP`,
  ),
  'file-no-template': both(
    (name: string, line: number, column: number, path: string, reason: string) =>
      `${name}:${line}:${column}: ${path}${reason}`,
    (name, line, column, path, reason) => `${name}:${line}:${column}：${path}${reason}`,
  ),
  'template-no-measurement': both(
    (name: string, proposal: string) => `no step of the recipe measures ${name}${proposal}`,
    (name, proposal) => `工艺中没有步骤测量 ${name}${proposal}`,
  ),
  'file-no-model': both(
    (name: string, reason: string) => `${name} is not a thing model: ${reason}`,
    (name, reason) => `${name} 不是物模型：${reason}`,
  ),
  'model-not-json': both(
    (line: number, column: number, what: string) => `line ${line}, column ${column}: it ${what}`,
    (line, column, what) => `第 ${line} 行第 ${column} 列：${what}`,
  ),
  'model-at': both(
    (path: string, message: string) => `${path}: ${message}`,
    (path) => `${path} 处不符合物模型的格式`,
  ),
  'model-no-property': both(
    (name: string, id: string, near: string) => `${name} has no property ${id}${near}`,
    (name, id, near) => `${name} 没有属性 ${id}${near}`,
  ),
  'model-no-name': both(
    (name: string, id: string, near: string) => `${name} has no ${id} here${near}`,
    (name, id, near) => `${name} 的这一处没有 ${id}${near}`,
  ),
  'model-no-place': both(
    (name: string, place: number, count: number) =>
      `${name} has no place ${place} here: it has ${count}, from 0`,
    (name, place, count) => `${name} 的这一处没有序号 ${place}：共有 ${count} 个，从 0 开始`,
  ),
  'model-other-type': both(
    (name: string, id: string, type: string) => `${name} has ${id} as ${type}`,
    (name, id, type) => `在 ${name} 中 ${id} 的类型是 ${type}`,
  ),
  'number-inexact': both(
    (source: string, reason: string) => `${source} ${reason}; a text is written in quotes`,
    (source, reason) => `${source} ${reason}；文本要加引号`,
  ),
  'at-path': both(
    (path: string, message: string) => `${path}: ${message}`,
    (path, message) => `${path === 'recipe' ? '工艺' : path}：${message}`,
  ),
});
