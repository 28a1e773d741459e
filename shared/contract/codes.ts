import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { EVERYONE } from './common.ts';

/** QR codes and labels as SVG text. */
const svg = z.object({ payload: z.string(), svg: z.string() });

export const codeCalls = {
  /** Wi-Fi provisioning code. It contains the password. */
  'codes.wifi': call(
    ['support', 'engineer'],
    z.strictObject({ ssid: z.string(), password: z.string(), token: z.string() }),
    svg,
    { automatic: false, atOnce: false },
  ),
  /** The label of a run that passed. */
  'codes.label': call(EVERYONE, z.strictObject({ runId: z.string() }), svg, {
    automatic: false,
    atOnce: false,
  }),
};
