import type { Translation } from '#services/i18n/index.ts';
import { stationInstrumentsEn } from './instrument-words.en.ts';
import { stationNetworksEn } from './network-words.en.ts';
import { stationPrinterEn } from './printer-words.en.ts';
import { stationQuotasEn } from './quota-words.en.ts';
import { stationReportsEn } from './report-words.en.ts';
import { stationUpdateEn } from './update-words.en.ts';
import { stationUpkeepEn } from './upkeep-words.en.ts';
import type { stationZhCN } from './words.zh-cn.ts';

export const stationEn: Translation<typeof stationZhCN> = {
  ...stationUpkeepEn,
  ...stationUpdateEn,
  ...stationPrinterEn,
  ...stationInstrumentsEn,
  ...stationNetworksEn,
  ...stationQuotasEn,
  ...stationReportsEn,

  'station.title': 'Station',
  'station.about': 'Everything that is set up at this station. Each change is recorded in the audit trail.',
  'station.sections': 'Sections',
  'station.search': 'Search in settings',
  'station.searchNone': 'There is no such setting.',
  'station.save': 'Save',
  'station.saved': 'Saved.',
  'station.reset': 'Discard changes',
  'station.unsaved': 'Not saved yet',
  'station.effectNow': 'Holds as soon as it is saved.',
  'station.effectLine': 'Holds as soon as it is saved; open pages take it over when they connect again.',

  'station.general': 'General',
  'station.name': 'Name of the station',
  'station.nameHint':
    'Stands in every record of a test, in names of reports, and at the registry. 1 to 64 characters.',
  'station.nameLeased':
    '{count} {count|triple is|triples are} leased to "{name}": under another name their results would be refused. Give back what is unused on the page of triples, and send the rest.',
  'station.nameUnsent':
    '{count} {count|message|messages} of "{name}" {count|is|are} not sent: under another name they would be refused. Send them all on the sync page first.',
  'station.nameBound':
    'The registry knows "{name}" by a token of its own. Type the token for the new name under "Registry", together with the new name.',
  'station.program': 'Program',
  'station.version': 'Version',
  'station.node': 'Runtime',
  'station.dataDir': 'Data directory',

  'station.registry': 'Registry',
  'station.registry.none': 'Not bound yet. Units can be tested without it; results wait on this computer.',
  'station.registry.url': 'Address',
  'station.registry.urlHint': 'Such as https://192.168.1.5:8443. The administrator of the registry has it.',
  'station.registry.url.missing': 'Type the address.',
  'station.registry.url.scheme': 'The address begins with http:// or https://. Add what is missing.',
  'station.registry.url.form': 'This is not a complete address. Type it as the example shows.',
  'station.registry.url.credentials':
    'The address has no user name or password. Remove the “@” and the text before it.',
  'station.registry.url.query': 'The address has no “?”. Remove it and the text after it.',
  'station.registry.url.fragment': 'The address has no “#”. Remove it and the text after it.',
  'station.registry.token': 'Token',
  'station.registry.tokenHint':
    'The administrator of the registry has it. It is stored sealed and never shown again.',
  'station.registry.tokenStored': 'A token is stored. Leave this empty to keep it.',
  'station.registry.tokenOwn': 'A token of this station alone is stored. Leave this empty to keep it.',
  'station.registry.tokenMissing': 'Another address needs its own token; the stored one is not sent to it.',
  'station.registry.name': 'Name at the registry',
  'station.registry.nameHint': 'The token belongs to this name.',
  'station.registry.fingerprint': 'Fingerprint of the certificate (SHA-256)',
  'station.registry.fingerprintHint':
    'With it no other certificate is trusted. Without it the certificate authorities of this computer decide.',
  'station.registry.readable':
    'This address is not encrypted: tokens and device secrets can be read on the network. Serve the registry with TLS.',
  'station.registry.test': 'Test the connection',
  'station.registry.testAbout': 'whether the registry answers, its certificate, its clock',
  'station.registry.asking': 'Asking the registry…',
  'station.registry.answers': 'The registry answers: version {version}, after {time}.',
  'station.registry.tokenGood': 'It accepts the token.',
  'station.registry.tokenUntested': 'The token is checked when you save.',
  'station.registry.skew': "This computer's clock differs from the registry's by {time}. Set it right.",
  'station.registry.untrusted': 'This computer does not know this certificate. Its fingerprint is:',
  'station.registry.compare':
    'Compare it, character by character, with the one that the registry shows when it starts. Trust it only if both are the same.',
  'station.registry.accept': 'Compared: they are the same',
  'station.registry.bound': 'The station is bound to the registry.',
  'station.registry.boundOffline': 'Saved. The registry does not answer now; it is tried again by itself.',

  'station.effectReopened': 'Holds when the station is opened again.',
  'station.needsReopening': 'What was changed is stored, and used when the station is opened again.',
  'station.needsRestart': 'What was changed is stored. Close the program and start it again to use it.',
  'station.reopen': 'Open again now',
  'station.reopenAsk': 'Open the station again?',
  'station.reopenWill':
    'All pages lose their connection for some seconds and reconnect by themselves; everybody stays signed in. It is refused while units are tested.',
  'station.reopening': 'The station is being opened again; this page reconnects by itself…',

  'station.slots': 'Slots and ports',
  'station.slots.title': 'Slots',
  'station.slots.none': 'There is no slot yet',
  'station.slots.noneAbout':
    'Plug the serial cable of the first fixture into this computer, then add the slot: its port is found by unplugging the cable and plugging it in again.',
  'station.slots.fixed':
    'This program was started with ports of its own. What is stored here is used when it is started without them.',
  'station.slots.slot': 'Slot',
  'station.slots.port': 'Port',
  'station.slots.state': 'State',
  'station.slots.actions': 'Actions',
  'station.slots.present': 'Connected',
  'station.slots.absent': 'Not plugged in',
  'station.slots.unknown': 'Checked when a test starts',
  'station.slots.later': 'used after the station was opened again',
  'station.slots.add': 'Add a slot',
  'station.slots.find': 'Find by unplugging',
  'station.slots.choose': 'Choose…',
  'station.assign.noPort': 'No port: Bluetooth only',
  'station.assign.noPortHint': 'For units that are identified by what they advertise',
  'station.slots.forget': 'Remove',
  'station.slots.forgetSlot': 'Remove slot {slot}',
  'station.slots.forgetAsk': 'Remove slot {slot}?',
  'station.slots.forgetWill':
    'The station has no such slot after it was opened again. Records of tests stay, and the slot can be added again at any time.',

  'station.ports.title': 'Ports seen now',
  'station.ports.about': 'A port is known by its USB location, also when its path changes.',
  'station.ports.again': 'Read again',
  'station.ports.none': 'No USB serial port is plugged into this computer.',
  'station.ports.path': 'Path',
  'station.ports.location': 'USB location',
  'station.ports.adapter': 'Adapter',
  'station.ports.serial': 'Serial number of the adapter',

  'station.find.title': 'Slot {slot}: find its port',
  'station.find.unplug': 'Unplug the serial cable of slot {slot} now.',
  'station.find.plugIn': 'Plug it into the same socket again now.',
  'station.find.waiting': 'Waiting for it, for two minutes at most…',
  'station.find.gone': 'Unplugged:',
  'station.find.found': 'Plugged in:',
  'station.find.other': 'It was plugged into another socket; from now on it is known by the new one.',
  'station.find.noLocation':
    'This port has no USB location and is known by its path alone, which may change when it is plugged in again.',
  'station.find.moves': 'It belongs to slot {from} now and will belong to slot {slot}.',
  'station.find.many':
    'More than one port has changed at the same time, so that nobody can tell which it is. Move one cable only, and try again.',
  'station.find.choose': 'Choose from the list',
  'station.find.use': 'Use it for slot {slot}',

  'station.assign.title': 'Port of slot {slot}',
  'station.assign.isOf': 'slot {slot}',
  'station.assign.typed': 'Type an address or a path',
  'station.assign.place': 'Address or path',
  'station.assign.placeHint':
    'Such as COM3, /dev/ttyS0, usb:1-1.4, tcp://192.168.1.20:4001, or rfc2217://192.168.1.20:4001.',
  'station.assign.missing': 'Type an address or a path.',
  'station.assign.go': 'Assign',

  'station.tools': 'Programs of other vendors',
  'station.tools.about':
    'Recipes run these with the step run-tool, and no others. A program whose file was changed does not run until it is listed again.',
  'station.tools.none': 'No program is listed.',
  'station.tools.name': 'Name in recipes',
  'station.tools.nameHint': 'Such as esptool, openocd, or nrfutil.',
  'station.tools.path': 'Program on this computer',
  'station.tools.pathHint': 'Its whole path, such as /usr/bin/openocd or C:\\tools\\esptool.exe.',
  'station.tools.nameWrong': 'Use letters, digits, dots, - and _, and begin with a letter or digit.',
  'station.tools.again': 'List again',
  'station.tools.againAbout': 'After an update of {name}: lists the file as it is now.',
  'station.tools.listed': 'The file of {name} is listed as it is now.',
  'station.tools.add': 'Add the program',
  'station.tools.remove': 'Remove the program',
  'station.tools.removeAsk': 'Remove {name}?',
  'station.tools.removeWill': 'Recipes that run it fail at this station. The program itself stays.',
  'station.slots.speed': 'Transfers to the unit begin at {baudRate} baud: higher speeds failed here.',
  'station.slots.forgetSpeed': 'Forget this speed',
  'station.hardware': 'Hardware for all slots',
  'station.hardware.about': 'What the slots share.',
  'station.ble': 'Bluetooth adapter',
  'station.bleHint':
    'hci for the one of this computer; or hci1, uart:/dev/ttyACM0, tcp://host:port. Empty when no unit needs it.',
  'station.bleWrong':
    'This is not the name of a Bluetooth adapter. Write hci, hci1, uart:/dev/ttyACM0, or tcp://host:port.',
  'station.board': 'Port of the relay board',
  'station.boardHint':
    "The serial port of the fixtures' relay board, such as usb:1-1.5 or COM7. Empty without one.",

  'station.line': 'Line and pages',
  'station.start': 'How a unit is started',
  'station.start.scan': 'By a scan',
  'station.start.scanHint': 'The serial number of the unit, or the command code for start.',
  'station.start.arrival': 'When it is put on a slot',
  'station.start.arrivalHint':
    'A unit starts as soon as it is on its fixture; a scan works as well. A batch may have its own rule.',
  'station.sound': 'Sounds',
  'station.soundHint': 'Whether the operator page of a new browser makes sounds.',
  'station.language': 'Language at first',
  'station.languageBrowser': 'As the browser',
  'station.theme': 'Appearance at first',
  'station.ownChoice':
    'In this browser somebody has chosen a language, an appearance or the sound already; that choice stays.',

  'station.storage': 'Storage',
  'station.recordings': 'Recordings',
  'station.recordings.about': 'All that station and unit told each other, for each test.',
  'station.recordings.age': 'Greatest age, days',
  'station.recordings.size': 'Greatest size of all, GB',
  'station.recordings.keep': 'Always kept, days',
  'station.recordings.keepHint': 'Younger recordings are never removed, whatever they take.',
  'station.recordings.days': 'Type a whole number of days from 1 to {max}.',
  'station.recordings.gigabytes': 'Type a size greater than 0.',
  'station.recordings.keepTooLong': 'This cannot be longer than the greatest age.',
  'station.recordings.removes':
    'The limits become smaller: recordings beyond them are removed for good at the next tidying. Results and measurements stay.',
  'station.recordings.effect': 'Holds from the next tidying, once an hour.',
};
