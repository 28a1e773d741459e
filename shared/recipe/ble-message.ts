import { z } from 'zod';
import { hexBytes, template } from './common.ts';
import { shape } from './texts/shape-texts.ts';

/** Keys of what is written to a characteristic: exactly one of bytes in hex and a text. */
export const bleMessage = {
  send: hexBytes.optional(),
  text: template.optional(),
  /** Line end after a text. */
  end: z.enum(['crlf', 'lf', 'cr', 'none']).default('none'),
  /** False: a write without response. */
  confirm: z.boolean().default(true),
};

export const ONE_BLE_MESSAGE = shape('shape-one-ble-message');

export function isOneBleMessage(step: { readonly send?: unknown; readonly text?: unknown }): boolean {
  return (step.send === undefined) !== (step.text === undefined);
}
