import type { StepVerb } from '../step.ts';
import type { KeyWords } from './keys.ts';

/** What a verb does, with an example that is sound in a recipe whose device has what the verb needs. */
export interface VerbWords {
  readonly about: string;
  /** YAML: one step, or more where one alone means nothing. */
  readonly example: string;
  /** Keys that mean something else than in other verbs. */
  readonly keys?: Readonly<Record<string, KeyWords>>;
}

const raw = String.raw;

export const VERBS: { readonly [V in StepVerb]: VerbWords } = {
  identify: {
    about: `Asks the unit who it is: MAC or chip id, model, firmware version. An AT module has a command for that; a
described device is asked what \`device.identify\` says. Fails a unit whose model or firmware is another.`,
    example: raw`- { verb: identify, firmware: '^QCloud_AT' }`,
    keys: {
      model: { about: 'Regular expression that the model matches.', examples: ['^JX-12F$'] },
      firmware: { about: 'Regular expression that the firmware version matches.', examples: ['^QCloud_AT'] },
    },
  },
  'burn-triple': {
    about: `Gives the unit its identity: claims a triple from the pool, records the intent, writes the triple, reads it
back. Needs \`identify\` before it. Only for the profile \`at-module\`.`,
    example: '- { verb: burn-triple, retries: 1 }',
  },
  label: {
    about:
      'Makes sure that the label of the unit can be printed when it passes. Needs `burn-triple` before it.',
    example: '- { verb: label, code: qr }',
    keys: { code: { about: 'Code on the label.' } },
  },
  'scan-label': {
    about: `Asks the operator to scan the label that is on the unit, and fails a label of another unit. Compares with the
identity that was burned, so \`burn-triple\` comes before it; with \`equals\` it compares with any text.`,
    example: raw`- { verb: scan-label, equals: '{serialNumber}' }`,
    keys: {
      ask: { about: 'The question in both languages. “Scan the label on the unit” when left out.' },
      equals: {
        about: '`device-code`: the code of the unit’s own label. Else the text that the scan must be.',
        examples: ['{serialNumber}'],
      },
    },
  },
  send: {
    about: 'Sends a text, bytes or a frame, and awaits nothing.',
    example: raw`- { verb: send, text: LED=1, end: lf }
- { verb: send, hex: '01 64 {macTail}' }`,
  },
  expect: {
    about: 'Awaits what the unit says by itself, or says since the last step that sent something.',
    example: raw`- verb: expect
  name: button
  expect: '^EVENT KEY=(?<key>\d)$'
  withinMs: 10000
  capture: { key: key }`,
  },
  request: {
    about: `Sends and awaits the answer. FAIL \`device-silent\`: nothing came in time. FAIL \`limit-exceeded\`: something
else came, or a value is outside of its limits.`,
    example: raw`- verb: request
  name: supply
  text: ADC?
  expect: '^ADC=(\d+)$'
  retries: 2
  measure:
    - { name: supply, group: 1, as: number, scale: 0.001, unit: V, limits: { min: 3.1, max: 3.5 } }`,
  },
  'at-command': {
    about:
      'Sends one AT command and takes values out of the lines before its `OK`. Only for the profile `at-module`.',
    example: raw`- verb: at-command
  name: flash-size
  send: AT+TCMODULE
  expect: '[Ff]lash size\s*:\s*(\d+)\s*MB'
  measure: [{ name: flash-size, group: 1, as: number, unit: MB, limits: { min: 1, max: 16 } }]`,
    keys: {
      send: { about: 'The command, without its line end.', examples: ['AT+TCMODULE'] },
      expect: {
        about: 'Regular expression on the lines of the answer. Without it the answer only has to be `OK`.',
      },
    },
  },
  wait: {
    about: 'Waits.',
    example: '- { verb: wait, ms: 500 }',
    keys: { ms: { about: 'How long, in milliseconds.', examples: [500] } },
  },
  measure: {
    about: 'Holds what earlier steps captured against limits.',
    example:
      raw`- { verb: request, text: TEMP?, expect: '^AMB=(\S+) CHIP=(\S+)$', capture: { ambient: 1, chip: 2 } }
- verb: measure
  name: self-heating
  value: '\${chip}'
  measure:
    - { name: chip, as: number, unit: °C, limits: { min: '\${ambient}', max: '\${ambient} + 20' } }`.replaceAll(
        '\\$',
        '$',
      ),
    keys: {
      value: { about: 'Text with variables in it.', examples: ['${chip}'] },
      measure: {
        about: 'Values that are made of the text. All have the same text; `group` means nothing here.',
      },
      'measure.group': { about: 'Means nothing here: the value is the whole text.' },
    },
  },
  'set-lines': {
    about: 'Sets control lines of the port. At least one of them is given.',
    example: '- { verb: set-lines, dtr: true, rts: false }',
    keys: {
      dtr: { about: 'Level of the line DTR.' },
      rts: { about: 'Level of the line RTS.' },
      breakMs: { about: 'How long the line is held in break, in milliseconds.', examples: [250] },
    },
  },
  reset: {
    about: 'Resets the unit by a line of its port, as `device.reset` says.',
    example: '- { verb: reset }',
  },
  power: {
    about: 'Switches the supply of the unit by a relay of the fixture’s board (`device.board`).',
    example: '- { verb: power, to: cycle, offMs: 300 }',
    keys: {
      to: { about: '`cycle` is off, `offMs`, on.' },
      offMs: { about: 'How long a cycle is off, in milliseconds.' },
      settleMs: {
        about: 'Time until the unit is ready, in milliseconds. That of `device.board` when left out.',
      },
    },
  },
  'read-pin': {
    about:
      'Reads an input of the fixture’s board and waits until its level is right. Only for boards of kind `numato`.',
    example: '- { verb: read-pin, name: led, pin: 3, measure: { name: led, limits: { equals: 1 } } }',
    keys: {
      pin: { about: 'Number of the input. The slot’s own number when left out.', examples: [3] },
      measure: {
        about: 'The level, 0 or 1, and its limits.',
        examples: [{ name: 'led', limits: { equals: 1 } }],
      },
      'measure.group': { about: 'Means nothing here: the value is the level.' },
      withinMs: { about: 'How long the level may take to be right, in milliseconds.' },
    },
  },
  prompt: {
    about: `Asks the operator a question and records the answer. Kinds of answers: \`pass-fail\` (good or not good),
\`confirm\` (a task is done), \`text\` and \`number\` (typed or scanned), \`choice\` (one of up to nine). A question without an
answer in time ends the run ERROR.`,
    example: raw`- verb: prompt
  kind: choice
  name: colour
  ask: { zh-CN: 灯是什么颜色？, en: Which colour is the light? }
  choices:
    - { value: red, title: { zh-CN: 红, en: Red } }
    - { value: green, title: { zh-CN: 绿, en: Green } }
  pass: [green]
  capture: colour`,
    keys: {
      kind: { about: 'What is asked for.' },
      answerMs: { about: 'How long somebody has to answer, in milliseconds. Five minutes when left out.' },
      pattern: { about: 'Regular expression that the answer matches.', examples: [raw`^LOT\d{4}$`] },
      capture: { about: 'Variable that the answer is kept in.', examples: ['lot'] },
      measure: {
        about: 'Name of the answer in records and reports. That of the step when left out.',
        examples: ['lot'],
      },
      choices: { about: 'What can be chosen, in the order of the keys 1 to 9.' },
      'choices.value': { about: 'What is recorded.', examples: ['green'] },
      'choices.title': { about: 'What is shown, in both languages.' },
      pass: { about: 'Choices that pass. All of them when left out.', examples: [['green']] },
    },
  },
  'prove-online': {
    about: `The unit logs in to the cloud with what was burned: the only proof of the whole secret where reading back is
weak. Needs \`burn-triple\` before it. \`confirm\` says who has to have seen the login.`,
    example: '- { verb: prove-online, confirm: registry, timeoutMs: 30000, retries: 1 }',
    keys: {
      confirm: {
        about: `Who has to have seen the login. \`registry\`: the unit says so and the station’s registry sees it; a
registry that cannot be reached ends the step ERROR. \`registry-if-reachable\`: the same, but while the registry cannot be
reached the unit’s own word is enough, and the record says that it was only that. \`device\`: the unit’s own word is enough;
write this for units that log in at Tencent’s cloud, which the station’s registry cannot see.`,
        examples: ['device'],
      },
    },
  },
  'log-out': {
    about: 'The unit leaves the cloud. Passes when it was not logged in.',
    example: '- { verb: log-out }',
  },
  'property-reported': {
    about:
      'The registry has a property as the unit reported it, within limits. Needs a unit that is logged in.',
    example: '- { verb: property-reported, property: battery_percentage, unit: "%", limits: { min: 20 } }',
    keys: {
      property: { about: 'Id of the property.', examples: ['battery_percentage'] },
      measure: {
        about: 'Name of the value in records. The id of the property when left out.',
        examples: ['battery'],
      },
      withinMs: { about: 'How long the report is awaited, in milliseconds.' },
    },
  },
  'control-property': {
    about: 'The cloud sets properties. The unit has to reply, and to report them as they were set.',
    example: '- { verb: control-property, set: { power_switch: 1 } }',
    keys: {
      set: { about: 'Values by the ids of properties.', examples: [{ power_switch: 1 }] },
      withinMs: { about: 'How long the reply, and then the report, is awaited, in milliseconds.' },
    },
  },
  'call-action': {
    about: 'The cloud calls an action of the unit; the output of the action can be measured.',
    example: `- verb: call-action
  action: unlock_remote
  params: { user: 1 }
  measure: [{ name: result, as: number, limits: { equals: 1 } }]`,
    keys: {
      action: { about: 'Id of the action.', examples: ['unlock_remote'] },
      params: { about: 'Input of the action by its ids.', examples: [{ user: 1 }] },
      'measure.group': {
        about: 'Id of the output. The name of the value when left out.',
        examples: ['result'],
      },
      withinMs: { about: 'How long the reply is awaited, in milliseconds.' },
    },
  },
  'thing-model': {
    about: `Everything that the unit reported is as its thing model (物模型) says: known ids, types and ranges, and all
that the model requires.`,
    example: '- { verb: thing-model, model: camera-model.json, properties: [power_switch] }',
    keys: {
      model: {
        about: 'JSON of the thing model beside the recipe, as the console exports it.',
        examples: ['camera-model.json'],
      },
      properties: { about: 'Ids that must have been reported besides those that the model requires.' },
      withinMs: { about: 'How long complete reports are awaited, in milliseconds.' },
    },
  },
  'temporary-password': {
    about: `Computes the temporary password that a lock of this identity accepts now (RFC 4226, six digits), for later
steps to send. The DeviceSecret itself is never given to a step.`,
    example: raw`- { verb: temporary-password, capture: code }
- { verb: request, text: 'PWD \${code}', expect: '^OPEN$' }`.replaceAll('\\$', '$'),
    keys: {
      capture: { about: 'Variable that the password is kept in.', examples: ['code'] },
      step: { about: 'Which one, in steps of 30 s from now; -1 is the one before.', examples: [-1] },
      wrong: { about: '`true`: one that the lock must refuse.' },
    },
  },
  'ble-advertises': {
    about:
      'The unit is heard over Bluetooth: in time, by name, with its services, strong enough. Needs `identify` before it.',
    example: raw`- { verb: ble-advertises, localName: '^LAMP-{macTail}$', services: ['FFF0'], rssi: { min: -75 } }`,
    keys: {
      withinMs: { about: 'How long it is listened, in milliseconds.' },
      localName: {
        about: 'Regular expression that the advertised name matches.',
        examples: ['^LAMP-{macTail}$'],
      },
      services: { about: 'UUIDs that must be advertised, in quotes.', examples: [['FFF0']] },
      rssi: { about: 'Limits of the signal in dBm: the middle one of `samples`.', examples: [{ min: -75 }] },
      samples: { about: 'How many advertisements are heard before the signal is judged.' },
    },
  },
  'ble-services': {
    about: 'The unit has these services and characteristics.',
    example: "- { verb: ble-services, services: [{ service: '180F', characteristics: ['2A19'] }] }",
    keys: {
      services: { about: 'The services that must be there.' },
      'services.service': { about: 'UUID of the service, in quotes.', examples: ['180F'] },
      'services.characteristics': {
        about: 'UUIDs of characteristics that the service must have.',
        examples: [['2A19']],
      },
    },
  },
  'ble-request': {
    about: 'Writes bytes to one characteristic and awaits a notification of another.',
    example: raw`- verb: ble-request
  name: light-on
  service: FFF0
  write: FFF1
  send: '01 64 {macTail}'
  notify: FFF2
  expect: '^01(?<brightness>..)'
  measure: [{ name: brightness, group: brightness, as: hex, limits: { equals: 100 } }]`,
    keys: {
      service: { about: 'UUID of the service, in quotes where it looks like a number.', examples: ['FFF0'] },
      write: { about: 'UUID of the characteristic that is written.', examples: ['FFF1'] },
      send: { about: 'Bytes to write, in hex and quotes.', examples: ['01 64'] },
      confirm: { about: '`false`: written without a confirmation of the unit.' },
      notify: { about: 'UUID of the characteristic that answers.', examples: ['FFF2'] },
      expect: {
        about: 'Regular expression on the notified bytes in hex without blanks.',
        examples: ['^01(..)'],
      },
    },
  },
  'ble-read': {
    about: 'Reads a characteristic and holds its value against limits.',
    example:
      "- { verb: ble-read, name: battery, service: '180F', characteristic: '2A19', as: uint8, unit: '%', limits: { min: 20 } }",
    keys: {
      service: { about: 'UUID of the service, in quotes where it looks like a number.', examples: ['180F'] },
      characteristic: { about: 'UUID of the characteristic.', examples: ['2A19'] },
      as: { about: 'What its bytes are: a text, hex, or a number (little-endian).', examples: ['uint8'] },
    },
  },
  ampe: {
    about:
      'Sends one request to a terminal that speaks AMPE and awaits its reply, or what a listener delivers.',
    example: raw`- verb: ampe
  name: serial-number
  action: getDeviceInfo
  expect: { data.sn: '^SN' }
  capture: { terminal: data.sn }`,
    keys: {
      action: {
        about: 'Action of the request. A step has an action, a call or a listener.',
        examples: ['getDeviceInfo'],
      },
      call: { about: 'A call that is no action.' },
      listener: { about: 'Listener whose delivery is awaited after the reply. Alone, nothing is sent.' },
      event: { about: 'Event of the request.' },
      taskId: {
        about: 'Name of the task, so that a later step can stop it. The station makes one when left out.',
        examples: ['face'],
      },
      params: {
        about: 'Parameters of the request, of any depth; `{ base64Of: FILE }` is a file beside the recipe.',
        examples: [{ timeout: 10 }],
      },
      success: { about: 'What `success` of the reply must be.' },
      expect: { about: 'Regular expressions by paths of the reply.', examples: [{ 'data.sn': '^SN' }] },
      awaitPath: {
        about: 'Awaits the reply that has this path: a scanner first says that it is open.',
        examples: ['data.code'],
      },
      capture: {
        about: 'Variables for later steps: name to path of the reply.',
        examples: [{ terminal: 'data.sn' }],
      },
      'measure.group': {
        about: 'Path of the reply that holds the value. `data` when left out.',
        examples: ['data.sn'],
      },
      withinMs: { about: 'How long the reply is awaited, in milliseconds.' },
    },
  },
  script: {
    about: 'Runs a TypeScript file beside the recipe, for what no verb says.',
    example: '- { verb: script, file: pwm.ts, with: { channels: 4 }, sets: [lot] }',
    keys: {
      file: { about: 'The TypeScript file, in the folder of the recipe.', examples: ['pwm.ts'] },
      with: {
        about: 'Options of the script. Variables in texts are filled in.',
        examples: [{ channels: 4 }],
      },
      relays: {
        about: 'Relays of the fixture’s board that the script may switch, besides the unit’s own.',
        examples: [[5, 6]],
      },
      sets: { about: 'Variables that the script sets for later steps.', examples: [['lot']] },
    },
  },
};
