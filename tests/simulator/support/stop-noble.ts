import type { EventEmitter } from 'node:events';
import type { Noble } from '@stoprocent/noble';

/** What noble's UART driver keeps to itself; a virtual driver has none of it. */
interface Inside {
  readonly _bindings?: { readonly _hci?: { readonly _socket?: { readonly _serialDevice?: EventEmitter } } };
}

/**
 * Puts a bare noble down. Its UART driver stops listening for errors with commands still under way, and what it talked
 * to is usually gone a moment later: the write that then fails would end the process.
 */
export function stopNoble(noble: Noble): void {
  noble.removeAllListeners();
  noble.stop();
  (noble as unknown as Inside)._bindings?._hci?._socket?._serialDevice?.on('error', () => undefined);
}
