import { z } from 'zod';
import { instrumentSetting, instrumentSettings } from '../domain/instrument.ts';
import { call } from '../rpc/contract.ts';
import { empty } from './common.ts';

export const instrumentsView = z.object({
  instruments: instrumentSettings,
  /** Serial ports that may have an instrument. An address on the network is typed. */
  ports: z.array(z.object({ address: z.string(), title: z.string().nullable() })),
});
export type InstrumentsView = z.infer<typeof instrumentsView>;

const ENGINEER = ['engineer'] as const;

export const instrumentCalls = {
  'instruments.get': call(ENGINEER, empty, instrumentsView, { automatic: true, atOnce: false }),
  /** Replaces all. Faults: `bad-input` for two of one name and slot, and for an address that is none. */
  'instruments.set': call(ENGINEER, z.strictObject({ instruments: instrumentSettings }), instrumentsView, {
    automatic: false,
    atOnce: false,
  }),
  /**
   * Connects to an instrument, which need not be stored, and asks what it is. Faults: `instrument-busy`,
   * `instrument-unreachable`, `instrument-silent`, `instrument-error`.
   */
  'instruments.test': call(
    ENGINEER,
    z.strictObject({ instrument: instrumentSetting }),
    z.object({ identification: z.string().nullable(), ms: z.number() }),
    { automatic: false, atOnce: false },
  ),
};
