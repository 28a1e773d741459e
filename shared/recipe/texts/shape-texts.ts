import { both, type CodedText, codedTexts } from '../../words/index.ts';

const SHAPES = {
  'shape-name': both(
    'must be a lower-case name of letters, digits, dots and dashes',
    '必须是由小写字母、数字、点和短横线组成的名称',
  ),
  'shape-variable': both(
    'must be a name of letters and digits that begins with a small letter',
    '必须是以小写字母开头、由字母和数字组成的名称',
  ),
  'shape-hex-quoted': both('must be hex in quotes, as "01 64 FF"', '必须是带引号的十六进制，如 "01 64 FF"'),
  'shape-hex': both('must be bytes in hex', '必须是十六进制的字节'),
  'shape-file': both('must be a file in the folder of the recipe', '必须是工艺文件夹中的文件'),
  'shape-flash-file': both('must name the file with from: recipe', 'from: recipe 时必须写文件名'),
  'shape-flash-verify': both(
    'must be auto, true or read-back: a flash is never left without a proof',
    '必须是 auto、true 或 read-back：烧录不能不校验',
  ),
  'shape-condition': both(
    'has no condition for the value: give equals, not, pattern, min or max',
    '没有给出条件：请写 equals、not、pattern、min 或 max',
  ),
  'shape-version': both(
    'must be at most 32 letters, digits, dots, plus and minus signs, as 1.2.0',
    '最多 32 个字母、数字、点、加号和减号，如 1.2.0',
  ),
  'shape-sha256': both('must be a SHA-256 in hex', '必须是十六进制的 SHA-256'),
  'shape-limit': both(
    'must be a number, "${variable}", or "${variable} + 5" (also with - and *)',
    '必须是数字、"${变量}" 或 "${变量} + 5"（也可用 - 和 *）',
  ),
  'shape-uuid-quoted': both('must be a UUID in quotes, as "180F"', '必须是带引号的 UUID，如 "180F"'),
  'shape-uuid': both('must be a UUID of 16 or 128 bits', '必须是 16 位或 128 位的 UUID'),
  'shape-token': both('must contain {token}, the provisioning token', '必须包含 {token}，即配网令牌'),
  'shape-marker-quoted': both('must be hex in quotes, as "AA 55"', '必须是带引号的十六进制，如 "AA 55"'),
  'shape-marker': both('must be one to eight bytes in hex', '必须是 1 到 8 个十六进制字节'),
  'shape-frame-length': both(
    'must be "modbus", or a field: { bytes: 1 or 2, order: little or big, adds, after }',
    '必须是 "modbus" 或一个字段：{ bytes: 1 或 2, order: little 或 big, adds, after }',
  ),
  'shape-frame-end': both(
    'must have exactly one of: length, payloadBytes, silenceMs',
    'length、payloadBytes、silenceMs 必须有且只有一个',
  ),
  'shape-frame-start': both(
    'is needed by frames without checksum and silenceMs: without it they cannot be distinguished from noise',
    '没有 checksum 和 silenceMs 的帧需要它，否则无法与噪声区分',
  ),
  'shape-frame-modbus': both(
    'modbus is for frames without start and end',
    'modbus 用于没有 start 和 end 的帧',
  ),
  'shape-one-message': both(
    'must have exactly one of: text, hex, frame',
    'text、hex、frame 必须有且只有一个',
  ),
  'shape-ble-identify': both(
    'needs localName, manufacturerData or services: any unit would fit',
    '需要 localName、manufacturerData 或 services：否则任何设备都符合',
  ),
  'shape-ble-identify-alone': both(
    'must not stand beside device.identify, device.identity.nvs or device.ble.find',
    '不能与 device.identify、device.identity.nvs 或 device.ble.find 同时写',
  ),
  'shape-one-ble-message': both(
    'must have exactly one of send (bytes in hex) and text',
    'send（十六进制字节）和 text 必须且只能写一个',
  ),
  'shape-one-answer': both(
    'must have exactly one of: expect, expectFrame',
    'expect、expectFrame 必须有且只有一个',
  ),
  'shape-one-identify': both(
    'must have exactly one of: text, hex, frame, ampe',
    'text、hex、frame、ampe 必须有且只有一个',
  ),
  'shape-no-file-here': both('must not have a file here', '此处不能是文件'),
  'shape-lcus': both('an LCUS board counts its relays from 1', 'LCUS 继电器板从 1 开始编号'),
  'shape-identify-needed': both(
    'a described device needs requests that identify it',
    'described 类型的设备需要识别它的请求',
  ),
  'shape-identify-not-needed': both(
    'is not needed: an AT module has a command that identifies it',
    '不需要：AT 模组有识别自己的指令',
  ),
  'shape-identity-exchange': both(
    'must be one exchange: text, hex or frame over the port; over Bluetooth service with write and send (or text), or service with characteristic',
    '必须是一次交换：经端口为 text、hex 或 frame；经蓝牙为 service 加 write 和 send（或 text），或 service 加 characteristic',
  ),
  'shape-identity-answer': both(
    'must have exactly one of: expect, expectFrame; after a write over Bluetooth expect goes with notify',
    'expect、expectFrame 必须有且只有一个；经蓝牙写入后，expect 与 notify 须同时写',
  ),
  'shape-identity-needs': both(
    'needs write and read: how the unit takes and shows its identity; or nvs, for an identity in the flash of an ESP32',
    '需要 write 和 read：产品如何写入和回读身份；或 nvs：身份在 ESP32 的闪存里',
  ),
  'shape-identity-nvs-alone': both(
    'has nvs, and then no prepare, write, read and erase: the station reads and writes the flash itself',
    '有 nvs 时不能有 prepare、write、read、erase：工位自己读写闪存',
  ),
  'shape-identity-nvs-proven': both(
    'has nvs, whose read-back proves the whole secret: leave unproven out',
    '有 nvs，回读能证明整个密钥：请去掉 unproven',
  ),
  'shape-nvs-name': both(
    'must be a name of NVS: 1 to 15 characters of ASCII',
    '必须是 NVS 的名称：1 到 15 个 ASCII 字符',
  ),
  'shape-nvs-partition': both(
    'must be the label of a partition: 1 to 16 characters of ASCII without blanks',
    '必须是分区的名称：1 到 16 个 ASCII 字符，不含空格',
  ),
  'shape-nvs-keys': both('needs a key of its own for each value', '每个值需要自己的键'),
  'shape-nvs-region': both(
    'is needed: identity.nvs.region is its key',
    '需要它：identity.nvs.region 是它的键',
  ),
  'shape-nvs-echo': both(
    'must be false: a boot loader does not work on a line with an echo',
    '必须是 false：有回显的线路不能用启动加载器',
  ),
  'shape-nvs-table': both('must be a multiple of 4096 (0x1000)', '必须是 4096（0x1000）的倍数'),
  'shape-identity-not-needed': both(
    'is not needed: an AT module has commands for its identity',
    '不需要：AT 模组有写入身份的指令',
  ),
  'shape-base64-only': both('must be the only key: { base64Of: FILE }', '必须是唯一的键：{ base64Of: 文件 }'),
  'shape-property-id': both(
    'must be the id of a property: letters, digits and _',
    '必须是属性的标识：字母、数字和 _',
  ),
  'shape-script-file': both('must be a TypeScript file (.ts)', '必须是 TypeScript 文件（.ts）'),
  'shape-sets-nothing': both('sets nothing', '没有设置任何内容'),
  'shape-sets-no-line': both('sets no line', '没有设置任何控制线'),
  'shape-network': both(
    'must be the name of a Wi-Fi network of the station: lower-case letters, digits and -',
    '必须是工位的 Wi-Fi 网络的名称：小写字母、数字和 -',
  ),
  'shape-instrument': both(
    'must be the name of an instrument of the station: lower-case letters, digits and -',
    '必须是工位仪器的名称：小写字母、数字和 -',
  ),
  'shape-measure-source': both(
    'exactly one of: value; instrument with text',
    '必须且只能有其一：value；instrument 加 text',
  ),
  'shape-path': both('must be a path, as data.sn', '必须是路径，如 data.sn'),
} as const;
const shapeText = codedTexts(SHAPES);
type ShapeCode = keyof typeof SHAPES;

/** The text of a shape of the schema, which takes a text alone. `shapeTextOf` finds its code again. */
export function shape(code: ShapeCode): string {
  return shapeText(code).en;
}

const BY_ENGLISH: ReadonlyMap<string, CodedText> = new Map(
  (Object.keys(SHAPES) as ShapeCode[]).map((code) => [shape(code), shapeText(code)]),
);

/** The text of a shape in both languages; `null` for another text. */
export function shapeTextOf(english: string): CodedText | null {
  return BY_ENGLISH.get(english) ?? null;
}
