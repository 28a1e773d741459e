import { key, type KeyDoc } from './key-doc.ts';

const READ_GROUPS =
  'Its named groups are `productId` and `deviceName`, and of the secret one of `deviceSecret`, `deviceSecretHex`, `deviceSecretBase64`, `deviceSecretSha256`, `deviceSecretMd5`, `deviceSecretCrc32`, `deviceSecretBcc` (decimal), `deviceSecretBccHex`.';

/** Documentation of the keys of `device.identity`. */
export const IDENTITY_KEYS: Readonly<Record<string, KeyDoc>> = {
  identity: key(
    'How a unit of the profile `described` takes, shows and forgets its identity. See [Identity of a described device](#identity-of-a-described-device).',
  ),
  'identity.prepare': key('Exchanges before the identity is written, without any of it.', [
    "{ text: 'UNLOCK', expect: '^OK$' }",
  ]),
  'identity.write': key(
    'Exchanges that write the identity, in order. `{productId}`, `{deviceName}` and `{deviceSecret}` are filled in, with the filters `:bytes`, `:hex`, `:HEX`, `:base64`, `:length`, `:decoded`, `:decodedHex`.',
    ["{ text: 'SETID {productId} {deviceName} {deviceSecret}', expect: '^OK$' }"],
  ),
  'identity.read': key('Exchanges that read the identity. The answers together are the reading.', [
    String.raw`{ text: 'ID?', expect: '^ID (?<productId>\S+) (?<deviceName>\S+) (?<deviceSecret>\S+)$', none: '^ID -$' }`,
  ]),
  'identity.erase': key(
    'Exchanges that erase the identity. Without them, a returned unit cannot be retired on the slot.',
    ["{ text: 'CLRID', expect: '^OK$' }"],
  ),
  'identity.login': key(
    'Exchanges after which the unit is logged in to the cloud, for `prove-online`. Without them, the unit logs in by itself.',
    ["{ text: 'CONNECT', expect: '^ONLINE$', withinMs: 20000 }"],
  ),
  'identity.logout': key('Exchanges after which the unit has left the cloud, for `log-out`.', [
    "{ text: 'LEAVE', expect: '^OK$' }",
  ]),
  'identity.limits': key(
    'What the unit can hold, in bytes of UTF-8. A triple that is longer is released before anything is sent.',
    { deviceName: 48, deviceSecret: 44 },
  ),
  'limits.productId': key('Longest ProductId in bytes.', 10),
  'limits.deviceName': key('Longest DeviceName in bytes.', 48),
  'limits.deviceSecret': key('Longest DeviceSecret in bytes.', 44),
  'identity.unproven': key(
    '`true`: a unit passes although its secret is neither read back nor proven by a login. The run, the report and the batch say so.',
  ),
  'read.expect': key(
    `Regular expression on whole lines of the answer. ${READ_GROUPS}`,
    String.raw`^ID (?<productId>\S+) (?<deviceName>\S+)$`,
  ),
  'read.expectFrame': key(
    'As `expect`, on the payload of a frame in upper-case hex without blanks; the groups are hex, too. Zeros and FF at the end of a name are left out.',
    '^81(?<productId>.{20})(?<deviceName>.{96})(?<deviceSecretSha256>.{64})$',
  ),
  none: key(
    'Regular expression on the whole line that a unit without identity answers. With `expect`.',
    '^ID -$',
  ),
  noneFrame: key('As `none`, on the payload of a frame in hex. With `expectFrame`.', '^8100$'),
  service: key('Over Bluetooth: UUID of the service, in quotes where it looks like a number.', 'FFF0'),
  write: key('Over Bluetooth: UUID of the characteristic that is written.', 'FFF1'),
  send: key(
    'Over Bluetooth: bytes to write, in hex and quotes. Exactly one of `send`, `text`.',
    '01 {deviceName:bytes}',
  ),
  confirm: key('Over Bluetooth: `false` for a write without a confirmation of the unit.'),
  notify: key(
    'Over Bluetooth: UUID of the characteristic that answers with a notification; `expect` is its pattern.',
    'FFF2',
  ),
  characteristic: key('Over Bluetooth: UUID of a characteristic that is read.', 'FFF3'),
  as: key(
    'Over Bluetooth: what the patterns are matched with, `text` or `hex`. Left out, `text` for a value that is read and `hex` for a notification.',
    'hex',
  ),
};
