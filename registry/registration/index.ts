/** Dynamic registration: a device that has only its product's secret gets its DeviceSecret. */
export { createRegistrationService, type RegistrationService } from './registration-service.ts';
export { messageOf, REGISTRATION_CODES, type RegistrationRefusal } from './refusals.ts';
export {
  reopenRegistration,
  registrationOf,
  rotateProductSecret,
  setRegisterType,
  type RegistrationView,
} from './decisions.ts';
