import { IDENTITY_KEYS } from './identity-keys.ts';
import { NVS_KEYS } from './nvs-keys.ts';
import { key, type KeyDoc } from './key-doc.ts';

/**
 * Documentation of every key of a recipe, by the end of its path: `frames.length.adds` is looked up before `adds`. Keys
 * of steps begin with `step`; a key with another meaning in one verb is documented in the definition of that verb.
 */
export const RECIPE_KEYS: Readonly<Record<string, KeyDoc>> = {
  // The recipe itself.
  'recipe.gongwei': key('Format of the file. Always `recipe/1`.', 'recipe/1'),
  'recipe.name': key('Name of the recipe: lower-case letters, digits, dots and dashes.', 'my-lamp'),
  'recipe.version': key('Version of the recipe, in quotes when it looks like a number.', '1.2.0'),
  'recipe.title': key('Title on the screen of the station, in both languages.', {
    'zh-CN': '台灯',
    en: 'Lamp',
  }),
  'zh-CN': key('The text in Chinese.'),
  en: key('The text in English.'),
  product: key('ProductId whose triples the units get.', 'GWDEMO0001'),
  serialNumber: key('The serial number that is scanned to start a unit.', {
    pattern: String.raw`SN\d{6}`,
    example: 'SN000001',
  }),
  'serialNumber.pattern': key(
    'Regular expression that the whole serial number matches; `^` and `$` are not needed.',
    String.raw`SN\d{6}`,
  ),
  'serialNumber.example': key('A serial number that matches the pattern. The screen shows it.', 'SN000001'),
  'serialNumber.optional': key('`true`: a unit may also be started without a serial number.'),
  device: key('The device: its port, and how it is identified, reset and powered.'),
  firmware: key('Firmware that a batch of this recipe must have imported.'),
  'firmware.sha256': key('SHA-256 of the firmware package, 64 hex digits in lower case.'),
  resume: key(
    '`true`: after a crash of the station a run goes on with the step that was under way. `false`: it ends ERROR.',
  ),
  phases: key('The phases of a run. Setup phases run first, then main, then teardown.'),

  // The device.
  profile: key(
    '`at-module`: a module with Tencent’s AT firmware, which takes a triple. `described`: any other device; `identify` defines how it is identified, and `identity` how it takes a triple.',
    'described',
  ),
  serial: key('Settings of the unit’s port.', { baudRate: 115_200 }),
  baudRate: key('Speed of the port in baud.', 115_200),
  dataBits: key('Data bits of a character.'),
  parity: key('Parity of a character.'),
  stopBits: key('Stop bits of a character.'),
  flowControl: key('Flow control of the port: none, or by the lines RTS and CTS.'),
  encoding: key('Encoding of the texts that are received and sent.', 'gb18030'),
  commandTimeoutMs: key('Longest time for the answer to one AT command, in milliseconds.', 5000),
  identify: key(
    'Requests that identify the unit; each may get a part of its data. Only for the profile `described`.',
    ["{ text: 'MAC?', expect: '(?<mac>[0-9A-F:]{17})' }"],
  ),
  'identify.expect': key(
    'Regular expression on whole lines of the answer. Its named groups are `mac` or `id`, `model` and `firmware`.',
    '^MAC=(?<mac>[0-9A-F:]{17})$',
  ),
  'identify.expectFrame': key(
    'As `expect`, on the payload of a frame in upper-case hex without blanks.',
    '^81(?<mac>[0-9A-F]{12})$',
  ),
  ampe: key('A request to an AMPE terminal, in place of a text.', {
    action: 'getDeviceInfo',
    id: 'data.sn',
  }),
  'ampe.action': key('Action of the request.', 'getDeviceInfo'),
  'ampe.params': key('Parameters of the request.'),
  base64Of: key('A file in the folder of the recipe, sent as base64.', 'receipt.jpg'),
  'ampe.id': key('Path in the reply to the id of the unit.', 'data.sn'),
  'ampe.model': key('Path in the reply to the model.', 'data.model'),
  'ampe.firmware': key('Path in the reply to the firmware version.', 'data.version'),
  frames: key('Format of the device’s frames. Steps contain payloads only.', {
    start: 'AA 55',
    length: { bytes: 1 },
    checksum: { kind: 'crc16-modbus' },
  }),
  'frames.start': key(
    'Bytes that begin a frame, in hex and quotes. Without it a frame may begin with any byte, and `checksum` or `silenceMs` is required.',
    'AA 55',
  ),
  'frames.length': key(
    'The length field after `start`, or `modbus` for Modbus RTU, whose function codes determine the length. Exactly one of `length`, `payloadBytes`, `silenceMs`.',
    { bytes: 1 },
    'modbus',
  ),
  'length.bytes': key('Bytes of the length field.'),
  'length.order': key('Which byte of the length comes first: `little` (the low one) or `big`.'),
  'length.adds': key(
    'Added to the value of the length field to get the number of payload bytes after the field.',
    -2,
  ),
  'length.after': key('Bytes of the payload before the length field: an address, a command.', 2),
  payloadBytes: key('Size of every payload in bytes, for frames without a length field.', 8),
  silenceMs: key(
    'A frame ends after this time without a byte, in milliseconds. 20 to 50 with a USB adapter.',
    30,
  ),
  checksum: key('The checksum after the payload.', {
    kind: 'crc16-modbus',
    order: 'little',
  }),
  'checksum.kind': key('How the checksum is computed.', 'crc16-modbus'),
  'checksum.order': key('Which byte of the checksum comes first: `little` (the low one) or `big`.'),
  'checksum.covers': key(
    'The bytes that the checksum covers: `payload`, `after-start` (the length too), or `frame` (`start` as well).',
  ),
  'frames.end': key('Bytes that end a frame, in hex and quotes.', '55 AA'),
  maxPayloadBytes: key('Largest payload in bytes. A larger length is treated as noise.'),
  reset: key('How a control line of the port resets the unit, for the verb `reset`.', { line: 'rts' }),
  'reset.line': key('The control line that resets the unit.', 'rts'),
  activeMs: key('How long the line is held, in milliseconds.'),
  'reset.settleMs': key('How long the unit then needs until it answers, in milliseconds.'),
  'reset.active': key('Level of the line that resets the unit.'),
  board: key('The board of the fixture with relays and inputs. Its port is given with `--board`.', {
    kind: 'numato',
  }),
  'board.kind': key(
    '`lcus`: relays only, counted from 1. `numato`: relays and inputs, counted from 0.',
    'numato',
  ),
  channel: key(
    'Number of the relay that powers the unit, the same for all slots. Left out, each slot has the relay of its own number.',
    3,
  ),
  firstChannel: key(
    'Number of the relay of slot 1, when each slot has the relay of its own number. Not beside `channel`.',
    1,
  ),
  'board.settleMs': key('Time after a relay was switched until the unit is ready, in milliseconds.'),
  ble: key('Settings of the device for Bluetooth.'),
  addressOffset: key('Added to the MAC to get the advertised address. An ESP32 has 2.', 2),
  connectMs: key('Longest time for a connection, in milliseconds.'),
  'ble.settleMs': key(
    'Pause after a connection was made, in milliseconds, for units that are not ready at once.',
  ),
  'ble.mtu': key(
    'The MTU that the station asks for, in bytes; the smaller offer of both sides holds. Systems that negotiate it themselves (macOS, Windows) ask for their own.',
    247,
  ),
  'ble.identify': key(
    'Identifies a unit without a port by what it advertises. All that is given of `localName`, `manufacturerData` and `services` must fit; of several units the strongest is that of the slot. Named groups are `mac` or `id`, `model`, `firmware`, `serialNumber` and `productId`; without `mac` and `id` the address is the MAC. A unit that advertises its serial number is taken only where that one was scanned.',
    { manufacturerData: '^FFFF(?<mac>.{12})$' },
  ),
  'ble.identify.localName': key(
    'Regular expression that the advertised name matches.',
    '^LAMP_(?<model>.+)$',
  ),
  'ble.identify.manufacturerData': key(
    'Regular expression that the advertised data of a manufacturer match, in hex: company id (two bytes, low first) and data. The groups `mac` and `id` are hex; the bytes of the others are a text.',
    '^FFFF(?<mac>.{12})(?<serialNumber>.+)$',
  ),
  'ble.identify.services': key('UUIDs that must be advertised, in quotes.', ['FFF0']),
  'ble.identify.minRssi': key('Least RSSI in dBm of a unit that is on the fixture.', -60),
  'ble.identify.marginDb': key('How much stronger than the second one the strongest unit must be, in dB.'),
  'ble.identify.listenMs': key('How long units are compared after the first that fits, in milliseconds.'),
  'ble.identify.withinMs': key('How long a unit is looked for, in milliseconds.'),
  'ble.identify.read': key(
    'Characteristics that say more of the unit, as the serial number of 180A; they are read over a connection.',
  ),
  'read.service': key('UUID of the service, in quotes.', '180A'),
  'read.characteristic': key('UUID of the characteristic, in quotes.', '2A25'),
  'read.as': key('Whether the pattern is on the text of the value, or on its bytes in hex.'),
  'read.expect': key('Regular expression on the value, with named groups as above.', '^(?<mac>.+)$'),
  'ble.find': key(
    'Finds the unit by what it advertises or answers, in place of its address: for computers that show no Bluetooth addresses (macOS), and for units whose address does not follow from their MAC. Needs a value of the unit, such as `{mac}`, in `localName`, `manufacturerData` or `answer.equals`.',
    { localName: '^LAMP-{macTail}$' },
  ),
  'find.localName': key('Regular expression that the advertised name matches.', '^LAMP-{macTail}$'),
  'find.manufacturerData': key(
    'Regular expression on the advertised data of the manufacturer in hex, which begins with the company id, low byte first.',
    '^FFFF{macHex}',
  ),
  'find.services': key('UUIDs that must be advertised, in quotes.', ['FFF0']),
  'find.answer': key(
    'A value that is read from every unit that fits so far, one after the other. The unit whose value is `equals` is the unit of the slot.',
    { service: '180A', characteristic: '2A25', equals: '{mac}' },
  ),
  'answer.service': key('UUID of the service, in quotes where it looks like a number.', '180A'),
  'answer.characteristic': key('UUID of the characteristic.', '2A25'),
  'answer.as': key('Type of its bytes.', 'hex'),
  'answer.equals': key('The value of the unit of the slot. Case and colons do not matter.', '{mac}'),
  'find.withinMs': key('How long the unit is looked for, in milliseconds.'),
  'find.aloneMs': key(
    'Without `answer`: how long a second unit that fits is looked for, in milliseconds. Two that fit end the step as ERROR.',
  ),
  echo: key(
    '`true`: every sent byte comes back, as with adapters for RS-485 and UARTs on one wire. Exactly these bytes are removed from the answer. A send whose bytes do not come back is ERROR (`echo-missing`); one whose bytes come back changed, as in a collision, is FAIL (`echo-changed`).',
    true,
  ),
  ...IDENTITY_KEYS,
  ...NVS_KEYS,
  region: key('Region of the cloud that is written to an AT module.', 'ap-guangzhou'),
  arrival: key(
    'Message that the unit sends after power-on. It may start a run. With `expect` and `hex`, both must come.',
    {
      expect: '^ready$',
    },
  ),
  'arrival.expect': key('Regular expression on whole lines.', '^ready$'),
  'arrival.hex': key('Bytes in hex and quotes.', 'AA 55 01'),

  // A phase.
  'phases.name': key('Name of the phase. No other phase has it.', 'test'),
  'phases.title': key('Title of the phase on the screen, in both languages.', {
    'zh-CN': '测试',
    en: 'Test',
  }),
  'phases.kind': key(
    '`setup` runs first, `main` after it, `teardown` last and always. All teardown phases together have 30 s.',
  ),
  'phases.timeoutMs': key(
    'Longest time for all steps of the phase, in milliseconds. None when left out.',
    60_000,
  ),
  'phases.hold': key(
    'Instruments of the station that are lent to the run together before the first step of the phase, and given back after its last one; the next phase keeps those that it holds too.',
    ['psu'],
  ),
  'phases.onFail': key(
    'What happens to later phases when a step ended this one by FAIL or TIMEOUT. `stop`: teardown is next. `continue`: later phases run; the run does not pass.',
  ),
  steps: key('Steps of the phase, in order.'),

  // Every step.
  verb: key('Kind of the step.'),
  'step.name': key(
    'Name of the step in records and reports. No other step of the phase has it. The verb when left out; a second one is called `wait.2`.',
    'supply',
  ),
  'step.title': key('Title of the step on the screen, in both languages.', { 'zh-CN': '供电', en: 'Supply' }),
  timeoutMs: key(
    'Longest time for one attempt of the step, in milliseconds. 60000 when left out, or more where the step or the device may take longer.',
    5000,
  ),
  retries: key(
    'How often the step is tried again after FAIL or TIMEOUT. Every attempt is recorded; the last one counts.',
    2,
  ),
  retryDelayMs: key('Pause before another attempt, in milliseconds.', 500),
  runIf: key('The step is executed only if this condition holds.', { value: '${model}', equals: 'B2' }),
  'runIf.value': key(
    'Text with variables in it. A variable that no step has set satisfies no condition.',
    '${model}',
  ),
  'runIf.equals': key('The text that it must equal.', 'B2'),
  'runIf.not': key('The text that it must not equal.', 'B2'),
  'runIf.pattern': key('Regular expression that it must match.', '^B'),
  'runIf.min': key('Least number that it may be.'),
  'runIf.max': key('Greatest number that it may be.'),
  'step.onFail': key(
    'What happens after FAIL or TIMEOUT. `stop`: the phase ends. `continue`: the rest of the phase and the later phases run; the run does not pass. ERROR always ends the run.',
  ),
  resumable: key('`false`: the step is executed again when a run is resumed, although it had passed.'),

  // What is sent and awaited.
  text: key('Text to send. Exactly one of `text`, `hex`, `frame`.', 'ADC?'),
  end: key('Line end after the text.', 'lf'),
  instrument: key(
    'The instrument of the station that is addressed in place of the unit, by its name there. See docs/instruments.md.',
    'psu',
  ),
  hex: key('Bytes to send, in hex and quotes. Exactly one of `text`, `hex`, `frame`.', '01 64 FF'),
  frame: key(
    'Payload of a frame to send, in hex and quotes. Exactly one of `text`, `hex`, `frame`.',
    '03 10',
  ),
  expect: key(
    'Regular expression on whole lines of the answer. Either `expect` or `expectFrame`.',
    String.raw`^ADC=(\d+)$`,
  ),
  expectFrame: key(
    'Regular expression on the payload of a frame in upper-case hex without blanks. Either `expect` or `expectFrame`.',
    '^86(?<level>....)$',
  ),
  wholeLines: key(
    '`false`: the pattern is also looked for in a line whose end has not come yet; what it finds at the end counts once nothing more comes for 50 ms.',
  ),
  withinMs: key('How long the answer is awaited, in milliseconds.', 3000),
  answerMs: key('How long the answer is awaited, in milliseconds.', 60_000),
  capture: key('Variables for later steps: name to group of the pattern, or to `{ group, as, scale }`.', {
    rssi: 1,
  }),
  'capture.group': key('Number or name of the group of the pattern.', 1),
  'capture.as': key(
    'Type that the text of the group is converted to: `number`, `hex` and `signed-hex` give a number.',
    'hex',
  ),
  'capture.scale': key('Factor of the number.', 0.1),

  // Measurements and limits.
  measure: key('Values of the answer that are recorded and compared with limits.', [
    '{ name: supply, group: 1, as: number, unit: V, limits: { min: 3.1, max: 3.5 } }',
  ]),
  'measure.name': key(
    'Name of the value in records and reports. No other value of the step has it.',
    'supply',
  ),
  'measure.title': key('Title of the value, in both languages.'),
  'measure.group': key(
    'Number or name of the group of the pattern that holds the value. The whole match when left out.',
    1,
  ),
  'measure.as': key(
    'Type of the value: `text` as it is, `number`, `hex` (a number written in hex), `signed-hex` (the same in two’s complement of as many digits: FF88 is -120), or the name that a table of the platform has for a number (`event`, `notice`, `unlock`, `unknown-info`, `xp2p`).',
    'number',
  ),
  unit: key('Unit of the value.', 'V'),
  scale: key('Factor of the number, applied before the limits.', 0.001),
  limits: key('Conditions for the value. All that are given must hold.', { min: 3.1, max: 3.5 }),
  min: key('Least value that passes: a number, or a text with a variable.', 3.1, '${ambient}'),
  max: key('Greatest value that passes: a number, or a text with a variable.', 3.5, '${ambient} + 20'),
  above: key('The value is greater than this.', 0),
  below: key('The value is less than this.', 100),
  within: key('Largest distance from a value, in percent of that value.', { of: 3.3, percent: 5 }),
  of: key('The centre: a number, or a text with a variable.', 3.3),
  percent: key('Largest distance from the centre, in percent of the centre.', 5),
  equals: key('The value is exactly this: a text, a number, true or false.', 'OK'),
  pattern: key('Regular expression that the value matches.', '^OK$'),
  marginal: key('Narrower limits. A value outside of them passes and is marked.', { min: 3.2 }),
  'marginal.min': key('Values below this are marked.', 3.2),
  'marginal.max': key('Values above this are marked.', 3.4),
  at: key(
    'Makes a curve: every match of the pattern is a point, and each point is compared with the limits.',
    ['{ name: frequency, group: 1, unit: MHz }'],
  ),
  'at.name': key('Name of the coordinate.', 'frequency'),
  'at.group': key('Number or name of the group that holds the coordinate.', 1),
  'at.unit': key('Unit of the coordinate.', 'MHz'),
  'at.as': key('Type of the coordinate: a number or a text.'),

  // Prompts.
  ask: key('The question, in both languages. Variables are filled in.', {
    'zh-CN': '指示灯亮了吗？',
    en: 'Is the light on?',
  }),
  image: key(
    'Picture in the folder of the recipe, shown with the question: PNG, JPEG, GIF or WebP.',
    'lamp.png',
  ),

  // Loops, which are unrolled before the check.
  forEach: key('Repeats this for every value. Two parameters make every combination.', {
    channel: [1, 2, 3],
  }),
};
