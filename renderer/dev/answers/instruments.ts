import type { InstrumentsView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { instrumentSetting } from '#shared/domain/instrument.ts';
import type { Answers } from '../mock-station.ts';

/** A supply that answers, and a meter that is not on the network. */
export function instrumentAnswers(): Answers {
  let view: InstrumentsView = {
    instruments: [
      instrumentSetting.parse({
        name: 'dmm',
        address: 'tcp://192.168.1.62:5025',
      }),
      instrumentSetting.parse({
        name: 'psu',
        address: 'tcp://192.168.1.61:5025',
        onRelease: 'OUTP OFF',
      }),
    ],
    ports: [{ address: 'usb:1-1.3', title: 'QinHeng Electronics CH340' }],
  };
  return {
    'instruments.get': () => view,
    'instruments.set': ({ instruments }) => {
      view = { ...view, instruments };
      return view;
    },
    'instruments.test': ({ instrument }) => {
      const { name, address, kind } = instrument;
      if (name === 'dmm')
        throw new Fault('instrument-unreachable', `${name}: ${address} cannot be reached`, {
          details: { instrument: name, address },
        });
      return {
        identification: kind === 'scpi' ? 'Keysight Technologies,E36312A,MY61001234,2.1.3' : null,
        ms: 24,
      };
    },
  };
}
