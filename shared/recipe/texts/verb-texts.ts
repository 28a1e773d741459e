import { both, codedTexts } from '../../words/index.ts';

/** Texts about the keys of single verbs. */
export const verbText = codedTexts({
  'ampe-call-and-action': both('must not be given with an action', '不能与 action 同时写'),
  'ampe-nothing': both('needs an action, a call or a listener', '需要 action、call 或 listener'),
  'ampe-parameters': both('only an action has parameters', '只有 action 才有参数'),
  'ampe-takes': both(
    (action: string, known: string) => `is not a parameter of ${action}, which takes ${known}`,
    (action, known) => `不是 ${action} 的参数；它的参数有 ${known}`,
  ),
  'ampe-takes-none': both(
    (action: string) => `is not a parameter of ${action}, which takes none`,
    (action) => `不是 ${action} 的参数；它没有参数`,
  ),
  'ampe-lacks': both(
    (missing: string, action: string) => `lacks ${missing}, which ${action} requires`,
    (missing, action) => `缺少 ${action} 所需的 ${missing}`,
  ),
  'ampe-path': both('must be a path into the reply, as data.sn', '必须是应答中的路径，如 data.sn'),
  'ampe-no-curve': both(
    'a reply has no matches to make a curve of: leave it out',
    '应答没有可组成曲线的匹配：请去掉',
  ),
  'power-pause': both(
    (to: string) => `has no effect with to: ${to}; it is the pause of to: cycle`,
    (to) => `与 to: ${to} 同时写时无效；它是 to: cycle 的停顿`,
  ),
  'llsync-name-without-model': both(
    'is a name: give its place in the thing model, from 0, or add model with the file of the thing model',
    '是名称：请写它在物模型中的序号（从 0 开始），或加上 model 指明物模型文件',
  ),
  'blufi-other-method': both(
    (method: string) => `is for method: blufi and blufi-v2, not for ${method}`,
    (method) => `只用于 method: blufi 和 blufi-v2，不用于 ${method}`,
  ),
  'ble-value-without-type': both(
    'belongs to a value whose type is given: add as, for example as: uint8',
    '属于已给出类型的值：请加上 as，例如 as: uint8',
  ),
  'instrument-frames': both(
    'is for the unit: an instrument has texts and bytes',
    '只用于产品：仪器只有文本和字节',
  ),
  'instrument-end': both(
    'is set at the station for each instrument: leave it out',
    '由工位为每台仪器设置：请去掉',
  ),
  'flash-echo': both(
    'is not possible on a line with device.echo: the boot loader needs both directions',
    '在有 device.echo 的线路上不能烧录：引导程序需要收发两个方向',
  ),
  'flash-offset': both(
    (offset: number, sector: number) => `${offset} is not a multiple of ${sector}, the size of a sector`,
    (offset, sector) => `${offset} 不是扇区大小 ${sector} 的倍数`,
  ),
  'flash-offset-twice': both(
    (offset: number) => `another image begins at ${offset} too`,
    (offset) => `另一个镜像也从 ${offset} 开始`,
  ),
  'flash-updater-missing': both(
    (chip: string, file: string) =>
      `lacks updater: the flash of a ${chip} is written by a program of its vendor, ${file}`,
    (chip, file) => `缺少 updater：${chip} 的闪存要用厂家的程序 ${file} 烧录`,
  ),
  'flash-updater-unused': both(
    (chip: string) => `has no use for ${chip}, whose boot loader writes the flash itself`,
    (chip) => `对 ${chip} 没有用：它的引导程序自己烧录闪存`,
  ),
  'flash-no-read-back': both(
    (chip: string) => `must be auto: the flash of a ${chip} is not read back`,
    (chip) => `必须是 auto：不能回读 ${chip} 的闪存`,
  ),
  'flash-one-file': both(
    (chip: string) => `is one too many: a ${chip} takes one file`,
    (chip) => `多了：${chip} 只能烧录一个文件`,
  ),
  'flash-list-alone': both(
    'must be the only image: flasher_args.json names all images',
    '必须是唯一的镜像：flasher_args.json 已列出全部镜像',
  ),
  'flash-list-keys': both(
    'takes no file and no offset: flasher_args.json names them',
    '不需要 file 和 offset：flasher_args.json 已写明',
  ),
  'flash-list-chip': both(
    (chip: string) => `is for chips of the ESP32 family, not for ${chip}`,
    (chip) => `只用于 ESP32 系列芯片，不用于 ${chip}`,
  ),
  'flash-no-offset': both(
    (chip: string) => `must be 0: the file for a ${chip} has its own addresses`,
    (chip) => `必须是 0：${chip} 的文件自带地址`,
  ),
  'tool-name': both(
    (tool: string) => `${tool} is not the name of a program; the station has its path under this name`,
    (tool) => `${tool} 不是程序的名称；程序的路径由工位按名称保存`,
  ),
  'tool-identity': both(
    (found: string) => `${found} must not be an argument: every user of the computer can see it`,
    (found) => `${found} 不能作为参数：这台电脑的所有用户都能看到`,
  ),
  'tool-placeholder': both(
    (found: string) =>
      `${found} is no placeholder of the station: write {port}, {baudRate}, {file:NAME}, {firmware} or {firmware:NAME}, with a NAME in the folder of the recipe or in the package`,
    (found) =>
      `${found} 不是工位的占位符：请写 {port}、{baudRate}、{file:NAME}、{firmware} 或 {firmware:NAME}，NAME 是工艺文件夹或固件包中的文件`,
  ),
  'tool-unknown': both(
    (word: string, known: string) => `{${word}} is no placeholder; known are ${known}`,
    (word, known) => `{${word}} 不是占位符；可用的有 ${known}`,
  ),
  'tool-unknown-near': both(
    (word: string, near: string, known: string) =>
      `{${word}} is no placeholder; did you mean {${near}}? Known are ${known}`,
    (word, near, known) => `{${word}} 不是占位符；是否指 {${near}}？可用的有 ${known}`,
  ),
  'tool-attach': both(
    (pattern: string) =>
      `"${pattern}" names no file in the folder where the program runs: write it as trace.csv, *.log or out/*.csv`,
    (pattern) => `“${pattern}” 不是程序运行文件夹里的文件：请写成 trace.csv、*.log 或 out/*.csv`,
  ),
  'needs-board': both(
    'needs device.board, the relay board of the fixture',
    '需要 device.board，即治具的继电器板',
  ),
  'needs-inputs': both(
    'needs device.board to be a board with inputs (kind: numato)',
    'device.board 必须是带输入的板（kind: numato）',
  ),
  'script-needs-board': both(
    'switches relays, and needs device.board, the relay board of the fixture',
    '要切换继电器，需要 device.board，即治具的继电器板',
  ),
  'needs-reset': both(
    'needs device.reset, which says how the unit is reset',
    '需要 device.reset，即如何复位产品',
  ),
  'needs-at-module': both('is only for devices of profile at-module', '只适用于 at-module 类型的设备'),
  'needs-identity': both(
    'needs device.identity, which says how the unit takes its identity',
    '需要 device.identity，即产品如何写入身份',
  ),
  'needs-login': both(
    'needs device.identity.login, which says how the unit logs in; a unit that logs in by itself needs confirm: registry',
    '需要 device.identity.login，即产品如何登录；自行登录的产品需要 confirm: registry',
  ),
  'needs-logout': both(
    'needs device.identity.logout, which says how the unit leaves the cloud',
    '需要 device.identity.logout，即产品如何退出登录',
  ),
  'needs-frames': both('device.frames does not describe the frames', 'device.frames 没有描述帧格式'),
  'measure-not-number': both(
    (character: string) => `is not a number: "${character}" is always in value`,
    (character) => `不是数字：value 中总有“${character}”`,
  ),
  'payload-template': both(
    'is for labels without a template: a template has the text of its code itself',
    '只用于没有模板的标签：模板自己写明二维码的内容',
  ),
  'payload-scan': both(
    'needs the device code on the label, which this step replaces (payload)',
    '需要标签上的设备二维码，而本步骤用 payload 换掉了它',
  ),
  'choice-twice': both(
    (value: string) => `two choices have the value ${value}`,
    (value) => `有两个选项的值都是 ${value}`,
  ),
  'choice-unknown': both(
    (value: string, known: string, near: string) => `${value} is not a choice of this step (${known})${near}`,
    (value, known, near) => `${value} 不是本步骤的选项（${known}）${near}`,
  ),
});
