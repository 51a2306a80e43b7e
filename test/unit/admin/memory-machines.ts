/** Hosts and devices of the composition that is nothing but memory: every answer is one host, one device. */
import type { DeviceInfo, HostInfo, MachinesEngine } from '../../../src/admin/machines.js';

const host: HostInfo = {
  dn: 'cn=web1,ou=hosts',
  name: 'web1',
  aliases: ['web1.example.com'],
  groups: ['dev'],
  services: [],
  addresses: ['192.0.2.10'],
  people: ['ada'],
  sudo: ['admins'],
};
const device: DeviceInfo = {
  dn: 'cn=C02,ou=devices',
  serial: 'C02',
  kind: 'laptop',
  owner: 'ada',
  state: 'active',
  end: '2028-11-30T23:00:00.000Z',
  zone: 'UTC',
  now: '2026-01-05T09:00:00.000Z',
};

/** `called` hears the verb with what it was given. */
export function memoryMachines(called: (call: string) => void): MachinesEngine {
  const hear = (verb: string, input: unknown) => called(`${verb} ${JSON.stringify(input)}`);
  return {
    async addHost(add) {
      hear('addHost', add);
      return { ...host, password: 'app-secret' };
    },
    async hosts(of) {
      hear('hosts', of);
      return { hosts: [host] };
    },
    async allow(change) {
      hear('allow', change);
      return host;
    },
    async renewHost(of) {
      hear('renewHost', of);
      return { ...host, password: 'app-secret' };
    },
    async removeHost(of) {
      hear('removeHost', of);
      return host;
    },
    async addDevice(add) {
      hear('addDevice', add);
      return device;
    },
    async devices(of) {
      hear('devices', of);
      return { devices: [device] };
    },
    async giveDevice(give) {
      hear('giveDevice', give);
      return device;
    },
  };
}
