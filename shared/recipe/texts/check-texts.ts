import { identityTexts } from './identity-texts.ts';
import { both, codedTexts, counted } from '../../words/index.ts';
import { limitTexts } from './limit-texts.ts';

/** Texts about recipes whose shape is right and that cannot work. */
export const checkText = codedTexts({
  ...limitTexts,
  ...identityTexts,

  'serial-example': both('does not match its own pattern', '与自己的 pattern 不符'),
  'name-twice': both('is used twice', '重复使用'),
  'step-name-twice': both(
    (name: string) => `two steps of this phase are called ${name}: give each a name of its own`,
    (name) => `本阶段有两个步骤都叫 ${name}：请各取名称`,
  ),
  'measurement-name-twice': both(
    (name: string) => `two measurements of this step are called ${name}: give each a name of its own`,
    (name) => `本步骤有两个测量都叫 ${name}：请各取名称`,
  ),

  'loop-too-many-steps': both(
    (most: number) => `has more than ${most} steps with its loops`,
    (most) => `展开循环后超过 ${most} 个步骤`,
  ),
  'loop-no-parameter': both(
    'names no parameter: write forEach: { channel: [1, 2, 3] }',
    '没有参数：请写 forEach: { channel: [1, 2, 3] }',
  ),
  'loop-too-many': both(
    (most: number) => `makes more than ${most} of one`,
    (most) => `由一项展开成了超过 ${most} 项`,
  ),
  'loop-no-list': both(
    'must be a name with a list of values, as channel: [1, 2, 3]',
    '必须是名称加值的列表，如 channel: [1, 2, 3]',
  ),

  'needs-identify': both(
    (verb: string) => `${verb} needs an identify step before it`,
    (verb) => `${verb} 之前需要 identify 步骤`,
  ),
  'needs-burn': both(
    (verb: string) => `${verb} needs a burn-triple step before it`,
    (verb) => `${verb} 之前需要 burn-triple 步骤`,
  ),
  'needs-unbind': both(
    (verb: string) => `${verb} binds the unit: an unbind step must follow, best in the teardown`,
    (verb) => `${verb} 会绑定产品：之后需要 unbind 步骤，最好放在收尾阶段`,
  ),
  'product-too-long': both(
    (length: number, most: number) =>
      `has ${length} characters, and an AT module takes a ProductId of ${most}`,
    (length, most) => `有 ${length} 个字符，而 AT 模组的 ProductId 为 ${most} 个字符`,
  ),
  'described-compares-nothing': both(
    "a device of profile described has no identity to compare: write equals: '{serialNumber}'",
    "described 类型的设备没有可比对的身份：请写 equals: '{serialNumber}'",
  ),
  'described-prints-nothing': both(
    'a device of profile described has no identity to print: leave the step out',
    'described 类型的设备没有可打印的身份：请去掉此步骤',
  ),
  'hold-lacks': both(
    (name: string, held: string) =>
      `is not held by this phase (${held}): a run that holds an instrument must not wait for another; write ${name} under hold too`,
    (name, held) =>
      `不在本阶段的 hold（${held}）中：已占用仪器的测试不能再等待另一台；请把 ${name} 也写入 hold`,
  ),
  'hold-from-before': both(
    (name: string, phase: string) =>
      `is not held by phase ${phase} before, which holds the others: write ${name} under its hold too`,
    (name, phase) => `之前的阶段 ${phase} 占用了其他仪器而没有占用它：请把 ${name} 也写入该阶段的 hold`,
  ),
  'expect-without-hold': both(
    (name: string) =>
      `awaits what an earlier step asked of ${name}, which is given back between steps: write hold: [${name}] in the phase, or use request`,
    (name) =>
      `等待之前步骤向 ${name} 询问的内容，而仪器在步骤之间会归还：请在阶段中写 hold: [${name}]，或使用 request`,
  ),
  'arrival-empty': both('needs expect, hex or both', '需要 expect、hex 或两者'),
  'find-fits-others': both(
    "fits other units too: localName, manufacturerData or answer.equals needs a value of the unit, as '{mac}', '{macTail}' or '{serialNumber}'",
    "也会匹配其他产品：localName、manufacturerData 或 answer.equals 需要含有该产品的值，如 '{mac}'、'{macTail}' 或 '{serialNumber}'",
  ),
  'board-first-channel': both(
    'has no effect beside channel, which is one relay for all slots: leave out channel if each slot has its own relay',
    '与 channel 同时写时无效，因为 channel 是所有治具位共用的继电器：若每个治具位有自己的继电器，请去掉 channel',
  ),
  'frames-not-described': both('device.frames does not describe the frames', 'device.frames 没有描述帧格式'),
  'identify-group-near': both(
    (name: string, near: string) => `a group named ${name} is not used; did you mean ${near}?`,
    (name, near) => `名为 ${name} 的分组没有用处；是否指 ${near}？`,
  ),
  'identify-no-id': both(
    'no request has a group named mac or id, as (?<mac>[0-9A-F:]{17}): the answers contain no identifier of the unit',
    '没有请求含有名为 mac 或 id 的分组，如 (?<mac>[0-9A-F:]{17})：应答中没有产品的标识',
  ),
  'identify-no-group': both(
    (key: string) => `no request of device.identify has a group named ${key}`,
    (key) => `device.identify 中没有请求含有名为 ${key} 的分组`,
  ),

  'pattern-slashes': both(
    (inside: string) => `never matches: it is written without slashes, as ${inside}`,
    (inside) => `永远不会匹配：不要写斜杠，请写 ${inside}`,
  ),
  'pattern-slashes-flags': both(
    (flags: string, inside: string) =>
      `never matches: it is written without slashes, and without the flags ${flags}, as ${inside}`,
    (flags, inside) => `永远不会匹配：不要写斜杠和标志 ${flags}，请写 ${inside}`,
  ),
  'pattern-begin-inside': both(
    (beside: string) => `never matches: ^ is the beginning of a line, and "${beside}" is before it`,
    (beside) => `永远不会匹配：^ 是行首，而它前面有“${beside}”`,
  ),
  'pattern-end-inside': both(
    (beside: string) =>
      `never matches: $ is the end of a line, and "${beside}" is after it; to match a literal $, write \\$`,
    (beside) => `永远不会匹配：$ 是行尾，而它后面有“${beside}”；要匹配 $ 本身，请写 \\$`,
  ),
  'pattern-not-hex': both(
    (strange: string) => `"${strange}" never matches: bytes are upper-case hex without blanks, as 01A0FF`,
    (strange) => `“${strange}”永远不会匹配：字节是不带空格的大写十六进制，如 01A0FF`,
  ),
  'pattern-odd-digits': both(
    (digits: number) => `never matches: it awaits ${counted(digits, 'digit')} of hex, and every byte has two`,
    (digits) => `永远不会匹配：它等待 ${digits} 位十六进制数字，而每个字节有两位`,
  ),
  'pattern-carriage-return': both(
    String.raw`\r never matches: every line ends with \n here, and $ is a line's end`,
    String.raw`\r 永远不会匹配：此处每行以 \n 结尾，$ 即行尾`,
  ),

  'captures-nothing': both('captures nothing: the step has no expect', '没有可取的值：该步骤没有 expect'),
  'measures-nothing': both('measures nothing: the step has no expect', '没有可测的值：该步骤没有 expect'),
  'group-missing': both(
    (key: string, group: string | number, hint: string) =>
      `the pattern of ${key} has no group ${group}${hint}`,
    (key, group, hint) => `${key} 的 pattern 没有分组 ${group}${hint}`,
  ),
  'group-without-quotes': both(
    (group: string) => `: write the number without quotes, ${group}`,
    (group) => `：数字不要加引号，请写 ${group}`,
  ),
  'group-put-brackets': both(': put ( ) around what is wanted', '：请用 ( ) 括住要取的内容'),
  'group-name-it': both(
    (group: string) => `: name it, as (?<${group}>…), or write its number`,
    (group) => `：请命名，如 (?<${group}>…)，或写它的编号`,
  ),
  'group-known': both(
    (known: string) => `: it has ${known}`,
    (known) => `：它有 ${known}`,
  ),
  'group-numbers': both(
    (last: number) => `1 to ${last}`,
    (last) => `1 到 ${last}`,
  ),
  'kind-number': both('number', '数字'),
  'kind-hex': both('number in hex', '十六进制数字'),
  'group-whole-match': both(
    (kind: string, strange: string) =>
      `is not a ${kind}: without group the value is the whole match, "${strange}" included; say which group, as group: 1`,
    (kind, strange) => `不是${kind}：不写 group 时取整个匹配，其中含有“${strange}”；请指明分组，如 group: 1`,
  ),
  'group-not-number': both(
    (kind: string, strange: string, group: string | number) =>
      `is not a ${kind}: "${strange}" is always in group ${group}`,
    (kind, strange, group) => `不是${kind}：分组 ${group} 中总有“${strange}”`,
  ),

  'placeholder-unknown': both(
    (word: string, near: string) => `{${word}} is unknown; did you mean {${near}}?`,
    (word, near) => `没有 {${word}}；是否指 {${near}}？`,
  ),
  'not-filled-yet': both(
    'names are not filled in here: the unit is not identified yet',
    '此处不会代入名称：产品尚未识别',
  ),
  'not-filled-here': both(
    (name: string) => `names are not filled in here, so \${${name}} stays as it is`,
    (name) => `此处不会代入名称，\${${name}} 会原样保留`,
  ),
  'variable-open': both('${ is not closed: write ${name}', '${ 没有关闭：请写 ${名称}'),
  'variable-in-braces': both(
    (name: string) => `{${name}} stays as it is; a variable is written \${${name}}`,
    (name) => `{${name}} 会原样保留；变量写作 \${${name}}`,
  ),
  'in-no-table': both(
    (name: string) => `\${${name}} is in no table`,
    (name) => `任何表中都没有 \${${name}}`,
  ),
  'variable-not-set': both(
    (name: string, near: string) => `\${${name}} is set by no step before this one${near}`,
    (name, near) => `之前没有步骤设置 \${${name}}${near}`,
  ),
  'variable-set-later': both(
    (name: string, step: string) =>
      `\${${name}} is set by no step before this one: ${step} sets it, and runs later or is this step`,
    (name, step) => `之前没有步骤设置 \${${name}}：它由 ${step} 设置，而 ${step} 在后面执行或就是本步骤`,
  ),
  'or-variable': both(
    (name: string) => `; did you mean \${${name}}?`,
    (name) => `；是否指 \${${name}}？`,
  ),
  'or-braces': both(
    (name: string) => `; did you mean {${name}}?`,
    (name) => `；是否指 {${name}}？`,
  ),

  'teardown-too-long': both(
    (ms: number, most: number) =>
      `with this the waits of teardown take ${ms} ms; all its phases together have ${most} ms`,
    (ms, most) => `加上它，收尾阶段的等待共 ${ms} ms，而所有收尾阶段合计只有 ${most} ms`,
  ),
  'step-time-short': both(
    (limit: number, key: string, ms: number) =>
      `${limit} ms are over before ${key} (${ms} ms): make timeoutMs longer, or ${key} shorter`,
    (limit, key, ms) => `${limit} ms 在 ${key}（${ms} ms）之前就用完：请加大 timeoutMs，或减小 ${key}`,
  ),
  'phase-time-short': both(
    (limit: number, key: string, step: string, ms: number) =>
      `${limit} ms are over before ${key} of ${step} (${ms} ms): make timeoutMs longer`,
    (limit, key, step, ms) => `${limit} ms 在 ${step} 的 ${key}（${ms} ms）之前就用完：请加大 timeoutMs`,
  ),
  'phase-waits-long': both(
    (limit: number, ms: number) =>
      `${limit} ms are over before the waits of this phase, which take ${ms} ms together: make timeoutMs longer`,
    (limit, ms) => `${limit} ms 不够本阶段的等待，它们共 ${ms} ms：请加大 timeoutMs`,
  ),

  'condition-constant': both(
    (value: string, near: string) =>
      `is always "${value}", for every unit: write a variable, as \${name}${near}`,
    (value, near) => `对每个产品都是“${value}”：请写变量，如 \${名称}${near}`,
  ),
  'condition-min-above-max': both('is above max', '大于 max'),
  'condition-same': both(
    'is the same as equals: the step is never executed',
    '与 equals 相同：该步骤永远不会执行',
  ),
  'condition-not-between': both(
    (value: string) => `"${value}" is not between min and max: the step is never executed`,
    (value) => `“${value}”不在 min 与 max 之间：该步骤永远不会执行`,
  ),
  'condition-no-match': both(
    (value: string) => `"${value}" does not match the pattern: the step is never executed`,
    (value) => `“${value}”与 pattern 不符：该步骤永远不会执行`,
  ),
  'condition-no-choice': both(
    (value: string, steps: string, choices: string, near: string) =>
      `"${value}" is not a choice of ${steps} (${choices})${near}`,
    (value, steps, choices, near) => `“${value}”不是 ${steps} 的选项（${choices}）${near}`,
  ),

  'frames-seven-bits': both(
    'frames have bytes of 8 bits: a port of 7 cannot send them',
    '帧的字节为 8 位：7 位的端口无法发送',
  ),
  'frames-modbus-checksum': both(
    'Modbus RTU has crc16-modbus with its low byte first: leave checksum out',
    'Modbus RTU 使用低字节在前的 crc16-modbus：请去掉 checksum',
  ),
  'frame-whole': both(
    (payload: string) => `is a whole frame: write its payload alone, ${payload}; the rest is added`,
    (payload) => `是整个帧：请只写载荷 ${payload}，其余会自动加上`,
  ),
  'frame-payload-size': both(
    (bytes: number, size: number) => `has ${bytes} bytes, and device.frames says that payloads have ${size}`,
    (bytes, size) => `有 ${bytes} 字节，而 device.frames 规定载荷为 ${size} 字节`,
  ),
  'frame-payload-large': both(
    (bytes: number, most: number) => `has ${bytes} bytes, and device.frames allows ${most} (maxPayloadBytes)`,
    (bytes, most) => `有 ${bytes} 字节，而 device.frames 最多允许 ${most} 字节（maxPayloadBytes）`,
  ),
  'modbus-payload': both(
    (bytes: number) => `has ${counted(bytes, 'byte')}: a payload of Modbus is address, function and data`,
    (bytes) => `有 ${bytes} 字节：Modbus 的载荷是地址、功能码和数据`,
  ),
  'modbus-request': both(
    (bytes: number, code: number) =>
      `has ${counted(bytes, 'byte')}, and a request of function ${code} has 6: address, function and 4 of data`,
    (bytes, code) => `有 ${bytes} 字节，而功能码 ${code} 的请求为 6 字节：地址、功能码和 4 字节数据`,
  ),
  'frame-whole-awaited': both(
    (payload: string) => `is a whole frame: await its payload alone, ^${payload}$`,
    (payload) => `是整个帧：请只等待载荷 ^${payload}$`,
  ),
  'frame-awaits': both(
    (bytes: number, size: number) =>
      `awaits ${bytes} bytes, and device.frames says that payloads have ${size}`,
    (bytes, size) => `等待 ${bytes} 字节，而 device.frames 规定载荷为 ${size} 字节`,
  ),

  'escape-line-end': both(
    (end: string) => `${end} is sent as these characters: leave it out, the line end is added`,
    (end) => `${end} 会按这几个字符发送：请去掉，行尾会自动加上`,
  ),
  'escape-byte': both(
    (byte: string, digits: string) =>
      `${byte} is sent as these characters: write bytes in hex, as hex: '${digits}'`,
    (byte, digits) => `${byte} 会按这几个字符发送：字节请写成十六进制，如 hex: '${digits}'`,
  ),
});
