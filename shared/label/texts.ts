import { both, codedTexts } from '../words/index.ts';

/** What is wrong with a template of labels, or with what it shows of a unit. */
export const labelText = codedTexts({
  'label-outside': both(
    (width: number, height: number) => `is not inside the label of ${width} × ${height} mm`,
    (width, height) => `超出了 ${width} × ${height} mm 的标签`,
  ),
  'label-placeholder': both(
    (word: string, proposal: string) => `{${word}} is no placeholder of labels${proposal}`,
    (word, proposal) => `{${word}} 不是标签的占位符${proposal}`,
  ),
  'label-did-you-mean': both(
    (word: string) => `: did you mean {${word}}?`,
    (word) => `，是不是 {${word}}？`,
  ),
  'label-secret': both(
    (word: string) => `{${word}} is secret: a label is read by everybody`,
    (word) => `{${word}} 是机密，而标签人人可读`,
  ),
  'label-argument': both(
    (word: string, form: string) => `{${word}} is written as {${form}}`,
    (word, form) => `{${word}} 应写作 {${form}}`,
  ),
  'label-variable': both(
    (word: string) => `\${${word}} is a variable of a recipe: a label shows {measurement:NAME}`,
    (word) => `\${${word}} 是工艺的变量：标签上请用 {measurement:名称}`,
  ),
  'label-sizes': both('minSize is larger than size', 'minSize 大于 size'),
  'label-code128': both(
    'a Code 128 holds printable ASCII characters: use a QR code for other texts',
    'Code 128 只能容纳可打印的 ASCII 字符：其他文本请用二维码',
  ),
  'label-id-twice': both(
    (id: string) => `another element has the id ${id}`,
    (id) => `另一个元素也用了 id ${id}`,
  ),
  'label-too-fine': both(
    (mm: string, least: string, dpi: number) =>
      `the code is too fine to scan: ${mm} mm per module at ${dpi} dpi, at least ${least} mm is needed. Make it larger, or its text shorter`,
    (mm, least, dpi) =>
      `条码过细，无法扫描：${dpi} dpi 下每个模块 ${mm} mm，至少需要 ${least} mm。请放大，或缩短内容`,
  ),
  'label-text-too-long': both(
    (text: string, width: string, height: string) =>
      `"${text}" does not fit into ${width} × ${height} mm, not in its smallest size either`,
    (text, width, height) => `“${text}”放不进 ${width} × ${height} mm，最小字号也不行`,
  ),
  'label-text-too-fine': both(
    (mm: string, least: string, dpi: number) =>
      `text of ${mm} mm cannot be drawn at ${dpi} dpi: at least ${least} mm is needed`,
    (mm, least, dpi) => `${dpi} dpi 下画不出 ${mm} mm 的文字：至少需要 ${least} mm`,
  ),
  'label-empty-code': both('the code has no content', '条码没有内容'),
  'label-no-measurement': both(
    (name: string) => `the run has no measurement "${name}"`,
    (name) => `运行中没有测量项“${name}”`,
  ),
  'label-no-number': both(
    (name: string) => `the run has no number of the counter "${name}" yet`,
    (name) => `此次运行还没有计数器“${name}”的编号`,
  ),
  'label-no-value': both(
    (word: string) => `the unit has no {${word}}`,
    (word) => `产品没有 {${word}}`,
  ),
  'label-pictures': both(
    (most: number) => `a label has at most ${most} pictures`,
    (most) => `一个标签最多有 ${most} 张图片`,
  ),
  'label-too-many-dots': both(
    (most: number) =>
      `the pictures of a label have at most ${most} dots: make it smaller, or lower the resolution`,
    (most) => `一个标签的图片最多共 ${most} 个点：请缩小图片或降低分辨率`,
  ),
  'label-too-many-characters': both(
    (most: number) => `a label has at most ${most} characters in its texts and codes`,
    (most) => `一个标签的文字和条码最多共 ${most} 个字符`,
  ),
  'label-picture': both(
    (why: string) => `the picture cannot be read: ${why}`,
    (why) => `图片无法读取：${why}`,
  ),
  'label-nothing': both('the line is thinner than a dot', '线条比一个点还细'),
  'label-no-font': both(
    (text: string) => `"${text}" cannot be printed: this computer has no Chinese font`,
    (text) => `无法打印“${text}”：本机没有中文字体`,
  ),
  'label-no-character': both(
    (text: string) => `the font lacks a character of "${text}"`,
    (text) => `字体缺少“${text}”中的字符`,
  ),
  'label-code-too-long': both('the text is too long for a code', '内容太长，条码放不下'),
  'label-code-text': both('the text cannot be encoded', '内容无法编码'),
});
