import type { Translation } from '#services/i18n/index.ts';
import type { signInZhCN } from './words.zh-cn.ts';

export const signInEn: Translation<typeof signInZhCN> = {
  'signIn.loading': 'Reading the users…',
  'signIn.who': 'Who are you?',
  'signIn.how': 'Scan your badge, type your name, or use',
  'signIn.name': 'Name',
  'signIn.noSuch': 'No user has this name.',
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
  'signIn.forgot': 'I forgot the PIN',
  'signIn.forgotAsk': 'Forgot the PIN? Another engineer can set a new one on the page of the users.',
  'signIn.resetTitle': 'New PIN for {name}',
  'signIn.resetAbout':
    '{name} is the only engineer. The station writes a one-time code into a file that only the computer account of the station can read. The audit trail records it, and the page of the users shows it.',
  'signIn.resetBegin': 'Write the code',
  'signIn.resetOpen': 'Open this file and type its code here. It is valid for {time}.',
  'signIn.resetCode': 'Code in the file',
  'signIn.resetCodeMissing': 'Type the code in the file.',
  'signIn.resetGo': 'Set the new PIN and sign in',
  'signIn.lockOver': 'You can try again now.',
};
