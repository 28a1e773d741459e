import { Fault } from '#shared/domain/fault.ts';
import type { EspLink } from './link.ts';

/** How long EN is low. */
const RESET_MS = 100;
/** How long the boot pin stays low after the reset; boards with a large capacitor at EN need the longer time. */
const BOOT_PIN_MS = [50, 550] as const;
const USB_STEP_MS = 100;

export interface ResetSequence {
  readonly name: string;
  run(link: EspLink): Promise<void>;
}

/**
 * The sequences of esptool that start the loader. RTS is EN and DTR is the boot pin, both inverted, over the two transistors
 * of Espressif's boards: a line alone does nothing when both are set. They are tried in turn, because the port does not
 * tell which circuit the unit has.
 */
export const RESET_SEQUENCES: readonly ResetSequence[] = [
  { name: 'both lines at once', run: (link) => tight(link, BOOT_PIN_MS[0]) },
  { name: 'USB-JTAG/Serial', run: usbJtag },
  { name: 'both lines at once, slow', run: (link) => tight(link, BOOT_PIN_MS[1]) },
  { name: 'one line after the other', run: (link) => classic(link, BOOT_PIN_MS[0]) },
  { name: 'one line after the other, slow', run: (link) => classic(link, BOOT_PIN_MS[1]) },
];

/** For systems that set both lines in one call, so that no state between them starts the application. */
async function tight(link: EspLink, bootPinMs: number): Promise<void> {
  await set(link, { dtr: false, rts: false });
  await set(link, { dtr: true, rts: true });
  await set(link, { dtr: false, rts: true });
  await link.sleep(RESET_MS);
  await set(link, { dtr: true, rts: false });
  await link.sleep(bootPinMs);
  await set(link, { dtr: false, rts: false });
}

async function classic(link: EspLink, bootPinMs: number): Promise<void> {
  await set(link, { dtr: false });
  await set(link, { rts: true });
  await link.sleep(RESET_MS);
  await set(link, { dtr: true });
  await set(link, { rts: false });
  await link.sleep(bootPinMs);
  await set(link, { dtr: false });
}

/** The port of the chip itself goes over (1,1) and takes a level with each change of RTS. */
async function usbJtag(link: EspLink): Promise<void> {
  await set(link, { rts: false });
  await set(link, { dtr: false });
  await link.sleep(USB_STEP_MS);
  await set(link, { dtr: true });
  await set(link, { rts: false });
  await link.sleep(USB_STEP_MS);
  await set(link, { rts: true });
  await set(link, { dtr: false });
  await set(link, { rts: true });
  await link.sleep(USB_STEP_MS);
  await set(link, { dtr: false });
  await set(link, { rts: false });
}

/** Starts the application. `beforeRelease` is called while the chip is held in reset and says nothing. */
export async function resetToApplication(
  link: Pick<EspLink, 'port' | 'sleep'>,
  beforeRelease: () => void = () => undefined,
): Promise<void> {
  await set(link, { dtr: false, rts: true });
  await link.sleep(RESET_MS);
  beforeRelease();
  await set(link, { rts: false });
}

/** False for a port without control lines: a pseudo-terminal, a plain TCP connection. */
export async function hasControlLines(link: Pick<EspLink, 'port'>): Promise<boolean> {
  if (link.port.setControlLines === undefined) return false;
  try {
    await set(link, { dtr: false, rts: false });
    return true;
  } catch (error) {
    if (error instanceof Fault && error.code === 'not-configured') return false;
    throw error;
  }
}

async function set(
  { port }: Pick<EspLink, 'port'>,
  lines: { readonly dtr?: boolean; readonly rts?: boolean },
): Promise<void> {
  await port.setControlLines?.(lines);
}
