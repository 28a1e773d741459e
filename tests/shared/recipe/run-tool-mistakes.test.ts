import { expect, it } from 'vitest';
import { toolArgumentParts } from '#shared/domain/tool-arguments.ts';
import { mistakesIn } from './written.ts';

const found = (more: object): string[] =>
  mistakesIn([{ verb: 'run-tool', command: ['esptool', '{port}'], ...more }]);

it('a program is named as the station lists it, and gets no identity', () => {
  expect(found({})).toEqual([]);
  expect(found({ command: ['/usr/bin/esptool', '{port}'] })).toEqual([
    'command.0: /usr/bin/esptool is not the name of a program; the station has its path under this name',
  ]);
  for (const placeholder of ['{deviceSecret}', '{deviceSecret:hex}', '{deviceName}'])
    expect(found({ command: ['esptool', `--key=${placeholder}`] })).toEqual([
      `command.1: ${placeholder} must not be an argument: every user of the computer can see it`,
    ]);
  for (const broken of ['{file:../x}', '{file:/etc/passwd}', '{file}', '{firmware:}'])
    expect(found({ command: ['esptool', broken] })).toEqual([
      expect.stringMatching(/^command\.1: .* is no placeholder of the station: write \{port\}/),
    ]);
  expect(found({ failure: { '(': 'broken' } })).toHaveLength(1);
  expect(found({ command: ['esptool', '--port={prot}'] })).toEqual([
    expect.stringMatching(
      /^command\.1: \{prot\} is no placeholder; did you mean \{port\}\? Known are \{port\}, .*\{mac\}/,
    ),
  ]);
  expect(found({ command: ['esptool', '{whatever}'] })).toEqual([
    expect.stringContaining('{whatever} is no placeholder; known are {port}'),
  ]);
  expect(found({ command: ['esptool', '{macc}'] })).toHaveLength(1);
  // Braces of several words belong to the language of the program.
  expect(found({ command: ['openocd', '-c', 'foreach c {reset halt} {$c}'] })).toEqual([]);
  expect(found({ command: ['esptool', '${nothing}'] })[0]).toMatch(/^command\.1: .*nothing/);
});

it('an argument is divided into text and placeholders of the station', () => {
  expect(toolArgumentParts('program {file:app/a.bin} verify ${x} {mac}')).toEqual([
    'program ',
    { kind: 'file', name: 'app/a.bin' },
    ' verify ${x} {mac}',
  ]);
  expect(toolArgumentParts('{port}')).toEqual([{ kind: 'port' }]);
  expect(toolArgumentParts('{firmware}{firmware:boot.bin}')).toEqual([
    { kind: 'firmware', name: null },
    { kind: 'firmware', name: 'boot.bin' },
  ]);
  // Braces of the program itself stay.
  expect(toolArgumentParts('{file:../x} {other}')).toEqual(['{file:../x} {other}']);
});
