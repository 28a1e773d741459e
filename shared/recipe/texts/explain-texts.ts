import { both, codedTexts, counted } from '../../words/index.ts';

/** Texts about a wrong shape: a key, a type, a value, a size. */
export const explainText = codedTexts({
  'key-unknown-near': both(
    (key: string, near: string) => `${key} is unknown here${near}`,
    (key, near) => `此处没有 ${key} 这个键${near}`,
  ),
  'key-unknown-inside': both(
    (key: string, parent: string) => `${key} is unknown here; it belongs under ${parent}`,
    (key, parent) => `此处没有 ${key} 这个键；它应写在 ${parent} 之下`,
  ),
  'key-unknown-network': both(
    (key: string) => `${key} is unknown here: write network, with the name of a Wi-Fi network of the station`,
    (key) => `此处没有 ${key} 这个键：请写 network，其值为工位设置中 Wi-Fi 网络的名称`,
  ),
  'key-unknown': both(
    (key: string, known: string) => `${key} is unknown here; known are ${known}`,
    (key, known) => `此处没有 ${key} 这个键；可用的有 ${known}`,
  ),
  'key-invalid': both(
    (key: string, reason: string) => `${key} ${reason}`,
    (key, reason) => `${key} ${reason}`,
  ),
  'key-not-valid': both('is not a valid key', '不是有效的键'),
  'missing-one-of': both(
    (values: string) => `is missing (one of ${values})`,
    (values) => `缺失（应为以下之一：${values}）`,
  ),
  missing: both(
    (noun: string) => `is missing (${noun})`,
    (noun) => `缺失（应为${noun}）`,
  ),
  'missing-misspelled': both(
    (key: string, misspelled: string) => `is missing: write ${key}, not ${misspelled}`,
    (key, misspelled) => `缺失：请写 ${key}，而不是 ${misspelled}`,
  ),
  'missing-verb-as-key': both(
    (key: string, meant: string) => `is missing: write ${key}: ${meant}, and its keys beside it`,
    (key, meant) => `缺失：请写 ${key}: ${meant}，它的键写在旁边`,
  ),
  'type-quotes': both(
    (bare: string) => `must be a text, not ${bare}: write it in quotes, as '${bare}'`,
    (bare) => `必须是文本，而不是 ${bare}：请加引号，写作 '${bare}'`,
  ),
  'type-verb-object': both(
    (value: string, verb: string) => `must be an object with keys, not ${value}: write { verb: ${verb} }`,
    (value, verb) => `必须是带键的对象，而不是${value}：请写 { verb: ${verb} }`,
  ),
  'type-keys': both(
    (keys: string, value: string) => `must be an object with the keys ${keys}, not ${value}`,
    (keys, value) => `必须是含有键 ${keys} 的对象，而不是${value}`,
  ),
  'type-no-parameter': both(
    (noun: string, value: string) => `must be ${noun}, and ${value} is not a parameter of a forEach here`,
    (noun, value) => `必须是${noun}，而 ${value} 在此处不是 forEach 的参数`,
  ),
  type: both(
    (noun: string, value: string) => `must be ${noun}, not ${value}`,
    (noun, value) => `必须是${noun}，而不是${value}`,
  ),
  'value-one-of': both(
    (values: string, value: string) => `must be one of ${values}, not ${value}`,
    (values, value) => `必须是以下之一：${values}，而不是${value}`,
  ),
  'value-only': both(
    (only: string, value: string) => `must be ${only}, not ${value}`,
    (only, value) => `必须是 ${only}，而不是${value}`,
  ),
  'value-near': both(
    (value: string, near: string) => `is not ${value}${near}`,
    (value, near) => `不能是${value}${near}`,
  ),
  'format-other': both(
    (value: string, pattern: string) => `does not look right: ${value} does not match ${pattern}`,
    (value, pattern) => `格式不对：${value}与 ${pattern} 不符`,
  ),
  empty: both('is empty', '为空'),
  'too-few-characters': both(
    (bound: number, length: number) => `must have at least ${counted(bound, 'character')}, not ${length}`,
    (bound, length) => `至少要有 ${bound} 个字符（现有 ${length} 个）`,
  ),
  'too-many-characters': both(
    (bound: number, length: number) => `must have at most ${counted(bound, 'character')}, not ${length}`,
    (bound, length) => `最多 ${bound} 个字符（现有 ${length} 个）`,
  ),
  'too-few-entries': both(
    (bound: number, length: number) =>
      `must have at least ${counted(bound, 'entry', 'entries')}, not ${length}`,
    (bound, length) => `至少要有 ${bound} 项（现有 ${length} 项）`,
  ),
  'too-many-entries': both(
    (bound: number, length: number) =>
      `must have at most ${counted(bound, 'entry', 'entries')}, not ${length}`,
    (bound, length) => `最多 ${bound} 项（现有 ${length} 项）`,
  ),
  'too-small': both(
    (bound: string, value: string) => `must be at least ${bound}, not ${value}`,
    (bound, value) => `不能小于 ${bound}（现为${value}）`,
  ),
  'too-large': both(
    (bound: string, value: string) => `must be at most ${bound}, not ${value}`,
    (bound, value) => `不能大于 ${bound}（现为${value}）`,
  ),
  'too-small-exclusive': both(
    (bound: string, value: string) => `must be at least ${bound} and not ${bound} itself, not ${value}`,
    (bound, value) => `必须大于 ${bound}（现为${value}）`,
  ),
  'too-large-exclusive': both(
    (bound: string, value: string) => `must be at most ${bound} and not ${bound} itself, not ${value}`,
    (bound, value) => `必须小于 ${bound}（现为${value}）`,
  ),
  'shape-other': both(
    (message: string) => message,
    () => '写法不符合工艺的格式',
  ),
  'did-you-mean': both(
    (near: string) => `; did you mean ${near}?`,
    (near) => `；是否指 ${near}？`,
  ),

  'noun-string': both('a text', '文本'),
  'noun-number': both('a number', '数字'),
  'noun-int': both('a whole number', '整数'),
  'noun-boolean': both('true or false', ' true 或 false'),
  'noun-object': both('an object with keys', '带键的对象'),
  'noun-array': both('a list', '列表'),
  'noun-null': both('null', ' null'),
  'noun-or': both(
    (one: string, other: string) => `${one} or ${other}`,
    (one, other) => `${one}或${other}`,
  ),
  'value-nothing': both('nothing', '空值'),
  'value-list': both('a list', '列表'),
  'value-object': both('an object', '对象'),
  'value-text': both(
    (text: string) => `the text "${text}"`,
    (text) => `文本“${text}”`,
  ),
  'value-bare': both(
    (value: string) => value,
    (value) => ` ${value}`,
  ),
});
