/** Binds: who the client is from now on. */

export { type AlarmingUse, type AlarmTools, alarmGate } from './alarm.js';
export { type AppPasswordTools, appPasswordAuthenticator } from './app-password.js';
export { admit, type BindTools, bind } from './bind.js';
export {
  bindCertificate,
  type CertificateRule,
  type CertificateTools,
} from './certificate.js';
export { type FormerTools, formerChecker } from './former.js';
export { type GuardedTools, guardGate, guardObserver } from './guarded.js';
export { hostGate, hostRefusal, isBoundByHosts } from './host.js';
export { identityOf } from './identity.js';
export { ntHashObserver } from './nt-hash.js';
export { ONE_TIME_PASSWORD, type OneTimeTools, oneTimeAuthenticator } from './one-time.js';
export {
  type PasswordTools,
  passwordAuthenticator,
  type RehashTools,
  rehashing,
} from './password.js';
export {
  enrolmentGate,
  factorSecret,
  openFactor,
  type SecondFactorTools,
  secondFactor,
} from './second-factor.js';
export { isService, Services } from './service.js';
export { addressGate, formerPasswordGate, serviceSecretAuthenticator } from './service-account.js';
export { type RefusedBind, tellingRefusals } from './told.js';
export type * from './types.js';
