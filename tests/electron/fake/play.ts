/**
 * Runs in a process of its own: loads a built bundle over the fake Electron, plays one scene, prints what was seen as
 * one line of JSON. `node --import ./register.ts play.ts BUNDLE DATA_DIR SCENE`
 */
import { pathToFileURL } from 'node:url';
import { DESKTOP_SCENES } from './desktop-scenes.ts';
import { SCENES } from './scenes.ts';

const [, , bundle = '', dataDir = '', name = '', ...more] = process.argv;
const scene = SCENES[name] ?? DESKTOP_SCENES[name];
if (scene === undefined) throw new Error(`no scene "${name}"`);
// As the packaged desktop is started: program, switches.
process.argv.splice(
  1,
  Infinity,
  `--data=${dataDir}`,
  '--slot=/dev/ttyA',
  '--slot=/dev/ttyB',
  '--board=/dev/ttyR',
  ...more,
);
Object.assign(process, { resourcesPath: '/opt/gongwei/resources' });
const seen = await scene(() => import(pathToFileURL(bundle).href).then(() => undefined));
process.stdout.write(`${JSON.stringify(seen)}\n`);
process.exit(0);
