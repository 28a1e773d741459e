import type { FaultDictionary } from './fault-dictionary.ts';

export const faultsEn: FaultDictionary = {
  'bad-input': { what: 'This input is not valid here.', todo: 'Check it and try again.' },
  'not-found': {
    what: 'It could not be found.',
    todo: 'Try again; if that does not help, call the engineer.',
  },
  forbidden: { what: 'An operator cannot do this.', todo: 'Ask support or the engineer to do it.' },
  'serial-blank': {
    what: 'No serial number was scanned.',
    todo: 'Aim at the code on the unit and scan again.',
  },
  'serial-malformed': {
    what: 'This is not a serial number of this product.',
    todo: 'Scan the label on the unit, not the box or another code.',
    more: 'It looks like this: {example}',
  },
  'serial-passed': {
    what: 'This unit has already passed.',
    todo: 'Put it with the good units and take the next one.',
  },
  'serial-running': {
    what: 'This serial number is being tested now.',
    todo: 'Check whether you scanned the wrong unit.',
    more: 'It is on slot {slot}.',
  },
  'batch-missing': { what: 'No batch is chosen.', todo: 'Choose the batch, then scan again.' },
  'batch-complete': { what: 'This batch is complete.', todo: 'Press F2 and choose the next batch.' },
  'recipe-invalid': { what: 'This recipe has a mistake in it.', todo: 'Call the engineer.' },
  'recipe-changed': {
    what: 'The recipe is not as it was locked.',
    todo: 'Call the engineer: nothing was started.',
  },
  'csv-invalid': {
    what: 'The table has mistakes; nothing was imported.',
    todo: 'Correct the lines named in the technical details and import again.',
  },
  'firmware-invalid': {
    what: 'This firmware package was not accepted.',
    todo: 'Nothing was imported. The technical details say why; get the package again from where it came.',
  },
  'qr-too-long': { what: 'This is too long for a QR code.', todo: 'Ask the engineer to shorten it.' },
  'label-impossible': {
    what: 'The label of this unit cannot be made.',
    todo: 'Put the unit aside and call the engineer: the serial number or the product name does not fit on a label.',
  },
  'slot-unknown': { what: 'There is no such slot.', todo: 'Scan a slot code from the card of this station.' },
  'slot-busy': { what: 'The slot is in use.', todo: 'Wait until the test is done or use another slot.' },
  'slot-unacknowledged': {
    what: 'The last result was not acknowledged.',
    todo: 'Look at the result, press Space, then scan again.',
  },
  'pin-wrong': { what: 'The PIN is wrong.', todo: 'Type it again.' },
  'pin-short': {
    what: 'This PIN is too short now.',
    todo: 'Choose a new one of six or more digits.',
  },
  'approver-refused': {
    what: 'This person cannot approve it.',
    todo: 'It takes a second person: support or engineer of this station, not yourself, with their own PIN.',
  },
  'pin-locked': {
    what: 'Too many wrong PINs.',
    todo: 'Wait a little, then try again. If you forgot it, ask an engineer for a new one.',
    more: 'Again in {seconds} s',
  },

  'device-silent': {
    what: 'The unit does not answer.',
    todo: 'Check that it sits well and has power, then test again. If it stays silent, put it with the bad units.',
  },
  'device-rejected': {
    what: 'The unit refused a command.',
    todo: 'Put it with the bad units for repair.',
    more: 'It says “{said}”',
  },
  'device-unreadable': {
    what: 'The unit is heard, but not understood.',
    todo: 'Check the contacts, then test again. If several do so, call the engineer: baud rate, ground, polarity.',
  },
  'device-garbled': {
    what: "The unit's answer was broken.",
    todo: 'Check that the contacts are clean and pressed, then test again. If it stays so, put it with the bad units.',
  },
  'echo-changed': {
    what: 'What was sent came back changed.',
    todo: 'Test again. If several do so, call the engineer: two devices speak at the same time on this wire, or the wires or the baud rate are wrong.',
  },
  'echo-missing': {
    what: 'What was sent did not come back.',
    todo: 'Check the adapter and its cable. If it stays so, call the engineer: the recipe says that this wire hands back what is sent.',
  },
  'read-back-mismatch': {
    what: 'The identity read back is not the one written.',
    todo: 'Do not let it pass. Put it with the bad units and tell support.',
  },
  'limit-exceeded': {
    what: 'A measured value is outside its limits.',
    todo: 'Put it with the bad units.',
    more: '{measurement}: {value} (limit {limits})',
  },
  'not-online': {
    what: 'The unit did not reach the cloud.',
    todo: 'Test it again. If several units do this, check the network and call the engineer.',
  },
  'ble-unseen': {
    what: 'The unit is not heard over Bluetooth.',
    todo: 'Check that it sits well and has power, then test again. If it stays unheard, put it with the bad units.',
  },
  'ble-lost': {
    what: 'The Bluetooth link to the unit broke.',
    todo: 'Test it again. If it breaks again, put it with the bad units.',
  },

  'identity-conflict': {
    what: "The unit's identity contradicts the records.",
    todo: 'Mark it, keep it apart and give it to support. Do not test it again.',
  },
  'identity-in-doubt': {
    what: "This unit's identity is in doubt.",
    todo: 'Put it back and test again; the station settles it.',
  },
  'serial-conflict': {
    what: 'The serial number and the unit do not match.',
    todo: 'Check for a wrong label. If the scan was right, give it to support.',
  },
  'unit-on-two-slots': {
    what: 'Two slots see the same unit.',
    todo: "Check whether the fixtures' cables are swapped, then test again.",
  },
  cancelled: { what: 'The test was stopped.', todo: 'Scan again when you want to test it.' },
  timeout: {
    what: 'It took longer than allowed.',
    todo: 'Test again. If it happens again, call the engineer.',
  },
  disconnected: {
    what: 'The page lost the station.',
    todo: 'It reconnects by itself. Then look at what is on the screen, and repeat what was not done.',
  },
  interrupted: {
    what: 'The station went down during the test.',
    todo: 'Put the same unit back and test it again.',
  },
  'prompt-none': {
    what: 'No slot asks for this now.',
    todo: 'Look at what the blue slot asks, then answer again.',
  },
  'scan-repeated': {
    what: 'The same code was read twice. It counts once.',
    todo: 'If you mean it once more, keep the scanner off it for a few seconds first.',
    more: 'It takes {seconds} s.[ The first time it was for slot {slot}.]',
  },
  'scan-unended': {
    what: 'The scanner sent no Enter at the end. The scan was not taken.',
    todo: 'Call the engineer: the suffix of the scanner must be set to Enter (CR).',
  },
  'answer-too-soon': {
    what: 'This came before the question could be seen. It was not taken.',
    todo: 'Look at the slot that asks, then answer.',
  },
  'prompt-unanswered': {
    what: 'Nobody answered the question in time.',
    todo: 'Start the unit again when somebody is there.',
  },
  'script-failed': {
    what: 'The test script has a mistake in it.',
    todo: 'Put the unit aside and call the engineer.',
  },

  'port-missing': {
    what: "The slot's serial port is missing.",
    todo: "Check the USB cable and the fixture's power.",
    more: 'Port {port}',
  },
  'port-busy': {
    what: 'Another program uses the serial port.',
    todo: 'Close other serial tools; if that does not help, call the engineer.',
    more: 'Port {port}[: {holder}]',
  },
  'port-denied': {
    what: 'The serial port may not be used.',
    todo: 'Call the engineer.',
    more: 'Port {port}',
  },
  'port-lost': {
    what: 'The serial port was lost.',
    todo: 'Check the USB cable and plugs, then test again.',
    more: 'Port {port}',
  },
  'ble-missing': {
    what: 'The Bluetooth adapter is not there.',
    todo: 'Check that the Bluetooth adapter is plugged in, then test again; if that does not help, call the engineer.',
  },
  'ble-off': {
    what: 'Bluetooth is switched off.',
    todo: 'Switch Bluetooth on in the settings of this computer, then test again.',
  },
  'ble-denied': { what: 'Bluetooth may not be used.', todo: 'Call the engineer.' },
  'pool-empty': {
    what: 'No triples are left.',
    todo: 'Ask the engineer for more triples.',
    more: '{bound} {bound|triple in the pool is|triples in the pool are} for other units',
  },
  'registry-unreachable': {
    what: 'The registry cannot be reached.',
    todo: 'Go on working, data is sent later. If it lasts long, tell the engineer.',
  },
  'registry-untrusted': {
    what: 'The registry is not the one this station knows.',
    todo: 'Nothing was told to it, and nothing is lost. Call the engineer.',
    more: '{place}',
  },
  'registry-refused': { what: 'The registry did not accept it.', todo: 'Nothing is lost. Call support.' },
  'not-configured': { what: 'The station is not set up yet.', todo: 'Call the engineer.' },
  'data-busy': {
    what: 'Another Gongwei uses the data.',
    todo: 'Close the other Gongwei window and try again.',
  },
  'disk-full': {
    what: 'The disk is full, nothing can be recorded.',
    todo: 'Stop working and call the engineer.',
  },
  'disk-read-only': {
    what: 'The disk is read-only.',
    todo: 'Stop working and call the engineer. Restore nothing, the data are whole.',
  },
  'disk-failing': {
    what: 'The disk reports errors.',
    todo: 'Stop working and call the engineer to look at the disk. Restore nothing yet.',
  },
  'file-missing': { what: 'A file is missing.', todo: 'Call the engineer.', more: '{path}' },
  'file-denied': { what: 'A file may not be used.', todo: 'Call the engineer.', more: '{path}' },
  'tool-missing': { what: 'A program that is needed is missing.', todo: 'Call the engineer.' },

  'database-corrupt': {
    what: 'The data file is damaged.',
    todo: 'Stop working, leave the computer on and call support.',
  },
  'database-future': {
    what: 'The data is from a newer Gongwei.',
    todo: 'Ask the engineer to update this station.',
  },
  'ledger-violation': {
    what: 'The identity records contradict each other.',
    todo: 'Stop working and call support.',
  },
  'secret-unreadable': { what: 'The secrets of the triples cannot be read.', todo: 'Call the engineer.' },

  internal: {
    what: 'Something in Gongwei went wrong.',
    todo: 'Try again; if that does not help, call support.',
    more: 'Number {correlationId}',
  },
};
