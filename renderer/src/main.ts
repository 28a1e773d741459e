import './app/strict-csp.ts';
import { bridgeOf, chooseDial, openDoor } from '#services/client/index.ts';
import { chooseTransfer } from '#services/files/index.ts';
import { keepAwake } from './app/keep-awake.ts';
import { mountApp } from './app/mount.ts';
import { createSounder } from '#services/sound/index.ts';

// First: the address of a page that a link has opened carries its key.
const door = bridgeOf(window) === undefined ? openDoor(window) : null;
mountApp(window, {
  dial: chooseDial(window, door),
  sounder: createSounder(window),
  files: chooseTransfer(window, door),
  onPerson: () => void door?.key().catch(() => undefined),
});
keepAwake(window);
