import './app/strict-csp.ts';
import { bridgeOf, chooseDial, openKioskSession } from '#services/client/index.ts';
import { chooseTransfer } from '#services/files/index.ts';
import { keepAwake } from './app/keep-awake.ts';
import { mountApp } from './app/mount.ts';
import { createSounder } from '#services/sound/index.ts';

// First: the address of a page that a link has opened carries its key.
const kioskSession = bridgeOf(window) === undefined ? openKioskSession(window) : null;
mountApp(window, {
  dial: chooseDial(window, kioskSession),
  sounder: createSounder(window),
  files: chooseTransfer(window, kioskSession),
  onUserChange: () => void kioskSession?.key().catch(() => undefined),
});
keepAwake(window);
