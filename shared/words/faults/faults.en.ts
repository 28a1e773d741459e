import type { FaultDictionary } from './fault-dictionary.ts';
import { documentFaultsEn } from './document-faults.en.ts';
import { firmwareFaultsEn } from './firmware-faults.en.ts';
import { labelFaultsEn } from './label-faults.en.ts';
import { otaFaultsEn } from './ota-faults.en.ts';
import { provisioningFaultsEn } from './provisioning-faults.en.ts';
import { instrumentFaultsEn } from './instrument-faults.en.ts';

export const faultsEn: FaultDictionary = {
  'bad-input': { message: 'This input is not valid here.', action: 'Check it and try again.' },
  'not-found': {
    message: 'There is no such record.',
    action: 'It may have been removed, or the address is wrong. Choose it from its list again.',
  },
  forbidden: { message: 'Your role may not do this.', action: 'Sign in as a user who may, or ask one.' },
  'serial-blank': {
    message: 'No serial number was scanned.',
    action: 'Aim at the code on the unit and scan again.',
  },
  'serial-malformed': {
    message: 'This is not a serial number of this product.',
    action: 'Scan the label on the unit, not the box or another code.',
    more: 'It looks like this: {example}',
  },
  'serial-passed': {
    message: 'This unit has already passed.',
    action: 'Put it with the good units and take the next one.',
  },
  'serial-void': {
    message: 'The identity of this unit is retired.',
    action: 'Do not put it with the good units. Take it to the returns desk.',
    more: 'The retired identity: {deviceName}',
  },
  'serial-running': {
    message: 'This serial number is being tested now.',
    action: 'Check whether you scanned the wrong unit.',
    more: 'It is on slot {slot}.',
  },
  'batch-missing': { message: 'No batch is chosen.', action: 'Choose the batch, then scan again.' },
  'batch-complete': { message: 'This batch is complete.', action: 'Press F2 and choose the next batch.' },
  'recipe-invalid': {
    message: 'This recipe has a mistake in it.',
    action: 'Call the engineer.',
    more: '{file}[, line {line}]: {reason}',
  },
  'recipe-files-invalid': {
    message: 'That cannot be part of the files of a recipe.',
    action: 'Nothing was changed. The reason says what does not fit: choose other files, or another name.',
    more: 'The reason: {reason}.',
  },
  'recipe-state': {
    message: 'This version of the recipe does not allow that now.',
    action: 'Look at its state in the list of recipes, and take another version.',
  },
  'recipe-version-taken': {
    message: 'This version number is locked with another content already.',
    action: 'Give the recipe a higher version, save it, and lock it then.',
  },
  'dry-run-busy': {
    message: 'A dry run is under way already.',
    action: 'Wait until it has ended, or cancel it.',
  },
  'draft-changed': {
    message: 'Somebody else has saved this draft meanwhile.',
    action: 'Look at both texts, and choose which one stays. Nothing is lost.',
  },
  'recipe-changed': {
    message: 'The recipe is not as it was locked.',
    action: 'Call the engineer: nothing was started.',
  },
  'csv-invalid': {
    message: 'The table has mistakes; nothing was imported.',
    action: 'Correct the lines named in the technical details and import again.',
  },
  'backup-invalid': {
    message: 'This file is not a backup of a station, or it is damaged.',
    action: 'The data of this station is not affected. Choose another backup.',
  },
  'file-empty': { message: 'The file is empty.', action: 'Choose another file, or get this one again.' },
  'qr-too-long': { message: 'This is too long for a QR code.', action: 'Ask the engineer to shorten it.' },
  'label-impossible': {
    message: 'The label of this unit cannot be made.',
    action:
      'Put the unit aside and call the engineer: the serial number or the product name does not fit on a label.',
  },
  'attachment-refused': {
    message: 'This file cannot be kept with the run.',
    action:
      'Put the unit aside and call the engineer: the technical details say what is wrong with the file.',
    more: '{name}',
  },
  'slot-unknown': {
    message: 'There is no such slot.',
    action: 'Scan a slot code from the card of this station.',
  },
  'slot-busy': { message: 'The slot is in use.', action: 'Wait until the test is done or use another slot.' },
  'slot-unacknowledged': {
    message: 'The last result was not acknowledged.',
    action: 'Look at the result, press Space, then scan again.',
  },
  'pin-wrong': {
    message: 'The PIN is wrong.',
    action: 'Type it again.',
    more: '{attemptsLeft} more {attemptsLeft|attempt|attempts} before a wait.',
  },
  'pin-short': { message: 'This PIN is too short now.', action: 'Choose a new one of six or more digits.' },
  'approver-refused': {
    message: 'This user cannot approve it.',
    action:
      'It takes a second person: support or engineer of this station, not yourself, with their own PIN.',
  },
  'badge-unknown': {
    message: 'This badge belongs to no user of this station.',
    action: 'Sign in with your name and PIN, or ask an engineer to assign the badge to you.',
  },
  'badge-taken': {
    message: 'This badge belongs to another user.',
    action: 'Remove it from that user first, or scan another badge.',
  },
  'last-engineer': {
    message: 'This is the last engineer who can sign in.',
    action: 'Add another engineer first; otherwise nobody could manage this station.',
  },
  'not-at-computer': {
    message: 'This can only be done at the computer of the station.',
    action: 'Open the page of the station there.',
  },
  'already-set-up': {
    message: 'This station has users already.',
    action: 'Sign in; an engineer can add further users.',
  },
  'reset-code-wrong': {
    message: 'This is not the code in the file, or it is no longer valid.',
    action: 'Compare it with the file. If it does not help, ask for a new code.',
  },
  'reset-code-wait': {
    message: 'Too many codes for a new PIN were written and not used.',
    action: 'Wait a little, then ask for a code again. Or set the PIN with the command "gongwei user pin".',
    more: 'Again in {seconds} s',
  },
  'real-data': {
    message: 'This sample line holds data that does not come from the sample.',
    action: 'Save what you need and remove it here first; nothing was removed.',
  },
  'pin-locked': {
    message: 'Too many wrong PINs.',
    action: 'Wait a little, then try again. If you forgot it, ask an engineer for a new one.',
    more: 'Again in {seconds} s',
  },

  'device-silent': {
    message: 'The unit does not answer.',
    action:
      'Check that it sits well and has power, then test again. If it stays silent, put it with the bad units.',
  },
  'device-rejected': {
    message: 'The unit refused a command.',
    action: 'Put it with the bad units for repair.',
    more: 'It says “{said}”',
  },
  'device-unreadable': {
    message: 'The unit is heard, but not understood.',
    action:
      'Check the contacts, then test again. If several do so, call the engineer: baud rate, ground, polarity.',
  },
  'device-garbled': {
    message: "The unit's answer was broken.",
    action:
      'Check that the contacts are clean and pressed, then test again. If it stays so, put it with the bad units.',
  },
  'echo-changed': {
    message: 'What was sent came back changed.',
    action:
      'Test again. If several do so, call the engineer: two devices speak at the same time on this wire, or the wires or the baud rate are wrong.',
  },
  'echo-missing': {
    message: 'What was sent did not come back.',
    action:
      'Check the adapter and its cable. If it stays so, call the engineer: the recipe says that this wire hands back what is sent.',
  },
  'read-back-mismatch': {
    message: 'The identity read back is not the one written.',
    action: 'Do not let it pass. Put it with the bad units and tell support.',
  },
  'device-locked': {
    message: 'The chip of the unit is locked, so its flash cannot be written.',
    action: 'Take it to support: it was locked before, or it is another kind of unit.',
  },
  'flash-mismatch': {
    message: 'The flash does not hold what was written.',
    action: 'Test again. If it stays so, put it with the bad units.',
    more: 'Sector {sector} stays wrong when it is written again: this flash is defective.',
  },
  'flash-unreadable': {
    message: 'The memory of the unit cannot be used for an identity.',
    action: 'Flash the firmware again. If it stays so, take the unit to support.',
  },
  'limit-exceeded': {
    message: 'A measured value is outside its limits.',
    action: 'Put it with the bad units.',
    more: '{measurement}: {value} (limit {limits})',
  },
  'not-online': {
    message: 'The unit did not reach the cloud.',
    action: 'Test it again. If several units do this, check the network and call the engineer.',
  },
  'ble-unseen': {
    message: 'The unit is not heard over Bluetooth.',
    action:
      'Check that it sits well and has power, then test again. If it stays unheard, put it with the bad units.',
  },
  'ble-lost': {
    message: 'The Bluetooth link to the unit broke.',
    action: 'Test it again. If it breaks again, put it with the bad units.',
  },

  'identity-conflict': {
    message: "The unit's identity contradicts the records.",
    action: 'Mark it, keep it apart and give it to support. Do not test it again.',
  },
  'identity-in-doubt': {
    message: "This unit's identity is in doubt.",
    action: 'Put it back and test again; the station settles it.',
  },
  'serial-conflict': {
    message: 'The serial number and the unit do not match.',
    action: 'Check for a wrong label. If the scan was right, give it to support.',
    more: 'On record this unit is {known}.',
  },
  'unit-on-two-slots': {
    message: 'Two slots see the same unit.',
    action: "Check whether the fixtures' cables are swapped, then test again.",
  },
  cancelled: { message: 'The test was stopped.', action: 'Scan again when you want to test it.' },
  timeout: {
    message: 'It took longer than allowed.',
    action: 'Test again. If it happens again, call the engineer.',
  },
  disconnected: {
    message: 'The page lost the station.',
    action:
      'It tries to reconnect by itself; if Gongwei was started again, open its new link. Then look at what is on the screen, and repeat what was not done.',
  },
  interrupted: {
    message: 'The station went down during the test.',
    action: 'Put the same unit back and test it again.',
  },
  'prompt-none': {
    message: 'No slot asks for this now.',
    action: 'Look at what the blue slot asks, then answer again.',
  },
  'scan-repeated': {
    message: 'The same code was read twice. It counts once.',
    action: 'If you mean it once more, keep the scanner off it for a few seconds first.',
    more: 'It takes {seconds} s.[ The first time it was for slot {slot}.]',
  },
  'scan-unended': {
    message: 'The scanner sent no Enter at the end. The scan was not taken.',
    action: 'Call the engineer: the suffix of the scanner must be set to Enter (CR).',
  },
  'answer-too-soon': {
    message: 'This came before the question could be seen. It was not taken.',
    action: 'Look at the slot that asks, then answer.',
  },
  'prompt-unanswered': {
    message: 'Nobody answered the question in time.',
    action: 'Start the unit again when somebody is there.',
  },
  'script-failed': {
    message: 'The test script has a mistake in it.',
    action: 'Put the unit aside and call the engineer.',
  },

  'port-missing': {
    message: "The slot's serial port is missing.",
    action: "Check the USB cable and the fixture's power.",
    more: 'Port {port}',
  },
  'port-busy': {
    message: 'Another program uses the serial port.',
    action: 'Close other serial tools; if that does not help, call the engineer.',
    more: 'Port {port}[: {holder}]',
  },
  'port-denied': {
    message: 'The serial port may not be used.',
    action: 'Call the engineer.',
    more: 'Port {port}',
  },
  'port-lost': {
    message: 'The serial port was lost.',
    action: 'Check the USB cable and plugs, then test again.',
    more: 'Port {port}',
  },
  'ble-ambiguous': {
    message: 'Two units answer as this one over Bluetooth.',
    action: 'Take the other units away from the fixture, then test again. If it stays, call the engineer.',
  },
  'ble-missing': {
    message: 'The Bluetooth adapter is not there.',
    action:
      'Check that the Bluetooth adapter is plugged in, then test again; if that does not help, call the engineer.',
  },
  'ble-off': {
    message: 'Bluetooth is switched off.',
    action: 'Switch Bluetooth on in the settings of this computer, then test again.',
  },
  'ble-denied': { message: 'Bluetooth may not be used.', action: 'Call the engineer.' },
  ...documentFaultsEn,
  ...firmwareFaultsEn,
  ...instrumentFaultsEn,
  ...provisioningFaultsEn,
  ...otaFaultsEn,
  ...labelFaultsEn,
  'pool-empty': {
    message: 'No triples are left.',
    action: 'Ask the engineer for more triples.',
    more: '{bound} {bound|triple in the pool is|triples in the pool are} for other units',
  },
  'update-unreachable': {
    message: 'The source of updates cannot be read.',
    action: 'Check the address or the folder, and the network.',
    more: '{place}',
  },
  'update-invalid': {
    message: 'The update is not what it should be, and is not installed.',
    action: 'Download it again. If it stays, tell the publisher of the update.',
    more: '{file}',
  },
  'update-older': {
    message: 'This version is not newer than the one that runs.',
    action: 'An older program cannot read the data of a newer one. Choose a newer version.',
    more: 'Offered {version}, running {running}',
  },
  'registry-unreachable': {
    message: 'The registry cannot be reached.',
    action:
      'Results are kept and sent later. Repeat a test that needs the registry when it answers again. If it lasts long, tell the engineer.',
  },
  'registry-untrusted': {
    message: 'The registry is not the one this station knows.',
    action: 'Nothing was told to it, and nothing is lost. Call the engineer.',
    more: '{place}',
  },
  'registry-refused': {
    message: 'The registry did not accept it.',
    action: 'Nothing is lost. Call support.',
  },
  'not-configured': { message: 'The station is not set up yet.', action: 'Call the engineer.' },
  'data-busy': {
    message: 'Another Gongwei uses the data.',
    action: 'Close the other Gongwei window and try again.',
  },
  'station-closing': {
    message: 'The station is being closed and opened again.',
    action: 'Nothing was begun. Wait until the station is open again, then repeat this.',
  },
  'disk-full': {
    message: 'The disk is full, nothing can be recorded.',
    action: 'Stop working and call the engineer.',
  },
  'disk-read-only': {
    message: 'The disk is read-only.',
    action: 'Stop working and call the engineer. Restore nothing, the data are whole.',
  },
  'disk-failing': {
    message: 'The disk reports errors.',
    action: 'Stop working and call the engineer to look at the disk. Restore nothing yet.',
  },
  'file-missing': { message: 'A file is missing.', action: 'Call the engineer.', more: '{path}' },
  'file-denied': { message: 'A file may not be used.', action: 'Call the engineer.', more: '{path}' },

  'database-corrupt': {
    message: 'The data file is damaged.',
    action: 'Stop working, leave the computer on and call support.',
  },
  'database-future': {
    message: 'The data is from a newer Gongwei.',
    action: 'Ask the engineer to update this station.',
  },
  'ledger-violation': {
    message: 'The identity records contradict each other.',
    action: 'Stop working and call support.',
  },
  'secret-unreadable': {
    message: 'The secrets of the triples cannot be read.',
    action: 'Call the engineer.',
  },

  internal: {
    message: 'Something in Gongwei went wrong.',
    action: 'Try again; if that does not help, call support.',
    more: 'Number {correlationId}',
  },
};
