import type { Translation } from '#services/i18n/index.ts';
import type { signInZhCN } from './words.zh-cn.ts';

export const signInEn: Translation<typeof signInZhCN> = {
  'signIn.loading': 'Reading the users…',
  'signIn.who': 'Sign in',
  'signIn.how': 'Scan your badge, type your name, or use',
  'signIn.name': 'Name',
  'signIn.users': 'Users',
  'signIn.noSuch': 'No user has this name.',
  'signIn.nobody': 'No user has been added to this station yet',
  'signIn.nobodyAction': 'Add the first engineer in a terminal on this computer:',
  'signIn.nobodyMore':
    'It asks for a PIN; the station goes on meanwhile. The name then appears here. Operators need not sign in.',
  'signIn.sampleLine': 'This is the sample line: its units are simulated, and its PINs are for everybody.',
  'signIn.samplePin': 'PIN {pin}',
  'signIn.sampleLinePin': 'Sample line: the PIN is {pin}',
  'signIn.other': 'Somebody else',
  'signIn.pin': 'PIN',
  'signIn.send': 'Sign in',
  'signIn.checking': 'Checking…',
  'signIn.erase': 'Erase one digit',
  'signIn.locked': 'Wait {seconds} s.',
  'signIn.newPin': 'New PIN, {minLength} {minLength|digit|digits} or more',
  'signIn.newPinAgain': 'The new PIN once more',
  'signIn.newPinShort': 'At least {minLength} {minLength|digit|digits}, please.',
  'signIn.notTwice': 'That was not the same PIN twice. Choose it again.',
  'signIn.lockOver': 'You can try again now.',
};
