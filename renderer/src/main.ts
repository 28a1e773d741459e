import './strict-csp.ts';
import { bridgeOf, chooseDial, openDoor } from './link/index.ts';
import { chooseCarrier } from './files/index.ts';
import { keepAwake } from './keep-awake.ts';
import { mountApp } from './mount.ts';
import { createSounder } from './sound/index.ts';

// First: the address of a page that a link has opened carries its key.
const door = bridgeOf(window) === undefined ? openDoor(window) : null;
mountApp(window, {
  dial: chooseDial(window, door),
  sounder: createSounder(window),
  files: chooseCarrier(window, door),
  onPerson: () => void door?.key().catch(() => undefined),
});
keepAwake(window);
