import type { TerminalWords } from './fault-dictionary.ts';

export const terminalEn: TerminalWords = {
  message: 'Terminal: {reason}.',
  action: {
    card: 'Check the test card: one card, flat on the reader. Test again. If it stays so, put the unit with the bad ones.',
    reader: 'Test again. If it stays so, put the unit with the bad ones for repair.',
    apdu: 'Take another good test card and test again. If it stays so, put the unit with the bad ones.',
    psam: 'Check that the PSAM is seated and test again. If it stays so, put the unit with the bad ones.',
    'face-app': 'Call the engineer: the maker must install smile on the terminal.',
    'face-version': 'Call the engineer to check the version of smile; 6.1.0 is advised.',
    'face-order':
      'Test again. If it stays so, call the engineer to check the versions of the app and of smile.',
    consent: 'The person in front of the terminal must consent. Test again.',
    parameter: 'A parameter of the recipe is wrong. Call the engineer.',
    alipay: "Call the engineer: Alipay's business contact must settle it.",
    network: 'Check the network of the terminal and test again.',
    again: 'Test again. If it stays so, call the engineer.',
    person: "Do in time what the terminal's screen asks. Test again.",
  },
};
