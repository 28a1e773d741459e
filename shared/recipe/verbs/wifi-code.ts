import { z } from 'zod';
import { durationMs, localizedText, networkName, stepCommon } from '../common.ts';
import { defineVerb, lacksIdentity } from './verb.ts';

export const wifiCode = defineVerb({
  verb: 'wifi-code',
  step: z.strictObject({
    verb: z.literal('wifi-code'),
    ...stepCommon,
    network: networkName,
    withinMs: durationMs.default(120_000),
    factoryReset: localizedText.optional(),
    answerMs: durationMs.default(300_000),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  ownWait: ({ withinMs, answerMs, factoryReset }) =>
    factoryReset === undefined
      ? { keys: ['withinMs'], ms: withinMs }
      : { keys: ['withinMs', 'answerMs'], ms: withinMs + answerMs },
  literalKeys: ['network'],
  doc: {
    about: `Shows the Wi-Fi provisioning code of the run (docs/qr.md) large on the tile of the slot, and on the screen that faces the
fixture, until the unit has read it with its camera, has joined the network, has logged in to the registry and has reported the
provisioning token of the run. Network name and password are a setting of the station, so that no recipe and no record has them.
Measures \`seconds-to-online\`. A unit that does not report the token in time fails with what was seen of it. Needs \`burn-triple\`
before it, and \`unbind\` after it.`,
    example: `- verb: wifi-code
  network: line
  withinMs: 90000
  factoryReset: { zh-CN: 按住复位键 5 秒，直到指示灯慢闪, en: Hold the reset key for 5 s until the lamp flashes slowly }
- { verb: unbind }`,
    keys: {
      network: { about: 'Name of a Wi-Fi network of the station.', examples: ['line'] },
      withinMs: {
        about:
          'How long the code is shown, in milliseconds: until the token was reported. Two minutes when left out.',
      },
      factoryReset: {
        about: 'What the operator does and confirms before the code is shown; nothing when left out.',
      },
      answerMs: { about: 'Longest time for that, in milliseconds. Five minutes when left out.' },
    },
  },
});
