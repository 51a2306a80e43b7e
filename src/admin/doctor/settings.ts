/** Settings that are allowed and still worth a second thought. */
import { parseAddress } from '../../runtime/address.js';
import type { Config } from '../../runtime/config.js';
import { type Finding, look } from './finding.js';

const loopback = /^(?:127\.|::1$|localhost$)/;

/** `development`: the certificates are those that `tenure init` made. */
export function settingFindings(config: Config, development: boolean): Finding[] {
  const findings: Finding[] = [];
  const open = [config.listen.ldap, config.listen.ldaps].filter(isOpen);
  if (config.cleartextBind === 'always' && isOpen(config.listen.ldap)) {
    const text = 'cleartextBind: always lets passwords cross the network unencrypted';
    findings.push(look('settings', text, 'cleartextBind: loopback, and TLS for everybody else'));
  }
  if (development && open.length > 0) {
    const text = `${open.join(' and ')} can be reached with the certificate that init made`;
    findings.push(look('settings', text, 'give clients ca.pem, or bring tls.cert and tls.key'));
  }
  if (config.listen.ldap === undefined && config.listen.ldaps === undefined) {
    const text = 'both listeners are off: only this machine can ask';
    findings.push(look('settings', text, 'listen.ldap, listen.ldaps'));
  }
  return findings;
}

function isOpen(address: string | undefined): boolean {
  if (address === undefined) return false;
  const parsed = parseAddress(address);
  return parsed.ok && !loopback.test(parsed.address.host);
}
