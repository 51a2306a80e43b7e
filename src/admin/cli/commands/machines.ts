/** `tenure host …` and `tenure device …`: machines that people log in to, and things they were given. */
import type { Command } from 'commander';
import { AdminError } from '../../errors.js';
import type { DeviceInfo, HostInfo, HostMade } from '../../machines.js';
import { answer, becauseOption, command, type Flags, NAME } from '../about.js';
import type { Run } from '../command.js';
import { endText } from '../moments.js';
import { counted, table } from '../render.js';

interface VerbFlags extends Flags {
  readonly because: string;
}

interface HostFlags extends VerbFlags {
  readonly groups?: string;
  readonly services?: string;
  readonly address?: string;
  readonly alias?: string;
  readonly owner?: string;
}

interface DeviceFlags extends VerbFlags {
  readonly owner?: string;
  readonly kind: string;
  readonly end?: string;
}

const GROUPS = 'whose members may log in: dev,ops';
const listOf = (text: string | undefined) =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** Adds `host` and `device` to `parent`. */
export function addMachines(parent: Command, run: Run): void {
  addHosts(parent.command('host').description('machines that people log in to'), run);
  addDevices(parent.command('device').description('things that somebody was given'), run);
}

function groupsOf({ groups }: HostFlags): string[] {
  const list = listOf(groups);
  if (list.length === 0) {
    throw new AdminError('usage', 'say who may log in: --groups dev,ops');
  }
  return list;
}

function addHosts(host: Command, run: Run): void {
  const byOf = (flags: VerbFlags) => ({ by: run.host.user, because: flags.because });

  becauseOption(command(host, run, 'add', 'a host with a password of its own, shown once'))
    .argument('<name>', 'short name, such as web1')
    .option('--groups <names>', GROUPS)
    .option('--services <names>', 'by which services only: sshd,login')
    .option('--address <addresses>', 'where it comes from: 192.0.2.10,2001:db8::10')
    .option('--alias <names>', 'its other names: web1.example.com')
    .option('--owner <name>', 'who answers for it')
    .action(async (name: string, flags: HostFlags) => {
      const add = {
        name,
        aliases: listOf(flags.alias),
        groups: groupsOf(flags),
        services: listOf(flags.services),
        addresses: listOf(flags.address),
        ...(flags.owner !== undefined && { owner: flags.owner }),
        ...byOf(flags),
      };
      await answer(run, flags, ({ machines }) => machines.addHost(add), madeText);
    });

  command(host, run, 'list', 'all of them').action(async (flags: Flags) => {
    await answer(run, flags, ({ machines }) => machines.hosts({}), hostsText);
  });

  command(host, run, 'show', 'one, and who may log in to it now')
    .argument('<name>', 'of the host')
    .action(async (name: string, flags: Flags) => {
      const text = ({ hosts }: { readonly hosts: readonly HostInfo[] }) =>
        hosts.map(hostText).join('');
      await answer(run, flags, ({ machines }) => machines.hosts({ name }), text);
    });

  becauseOption(command(host, run, 'allow', 'other groups in place of those that there are'))
    .argument('<name>', 'of the host')
    .option('--groups <names>', GROUPS)
    .action(async (name: string, flags: HostFlags) => {
      const change = { name, groups: groupsOf(flags), ...byOf(flags) };
      await answer(run, flags, ({ machines }) => machines.allow(change), hostText);
    });

  becauseOption(command(host, run, 'password', 'a new password in place of the old one'))
    .argument('<name>', 'of the host')
    .action(async (name: string, flags: VerbFlags) => {
      const of = { name, ...byOf(flags) };
      await answer(run, flags, ({ machines }) => machines.renewHost(of), madeText);
    });

  becauseOption(command(host, run, 'remove', 'the host is gone: nobody logs in through it'))
    .argument('<name>', 'of the host')
    .action(async (name: string, flags: VerbFlags) => {
      const of = { name, ...byOf(flags) };
      const text = (gone: HostInfo) => `  ${gone.name}  is removed\n`;
      await answer(run, flags, ({ machines }) => machines.removeHost(of), text);
    });
}

function addDevices(device: Command, run: Run): void {
  const byOf = (flags: VerbFlags) => ({ by: run.host.user, because: flags.because });

  becauseOption(command(device, run, 'add', 'somebody was given it'))
    .argument('<serial>', 'serial number')
    .requiredOption('--owner <name>', NAME)
    .option('--kind <kind>', 'laptop, phone, key …', 'device')
    .option('--end <when>', 'when it is to come back, or to be replaced: 2028-11-30')
    .action(async (serial: string, flags: DeviceFlags) => {
      const { owner = '', kind, end } = flags;
      const add = { serial, owner, kind, ...(end !== undefined && { end }), ...byOf(flags) };
      await answer(run, flags, ({ machines }) => machines.addDevice(add), deviceText);
    });

  command(device, run, 'list', 'all of them, or those of one person')
    .option('--owner <name>', NAME)
    .action(async (flags: DeviceFlags) => {
      const of = flags.owner === undefined ? {} : { owner: flags.owner };
      const text = ({ devices }: { readonly devices: readonly DeviceInfo[] }) =>
        devices.length === 0
          ? '  no device is written down\n'
          : `${table(devices.map(deviceRow), '  ')}  ${counted(devices.length, 'device')}\n`;
      await answer(run, flags, ({ machines }) => machines.devices(of), text);
    });

  becauseOption(command(device, run, 'give', 'to somebody else'))
    .argument('<serial>', 'serial number')
    .requiredOption('--owner <name>', NAME)
    .action(async (serial: string, flags: DeviceFlags) => {
      const give = { serial, owner: flags.owner ?? '', ...byOf(flags) };
      await answer(run, flags, ({ machines }) => machines.giveDevice(give), deviceText);
    });

  becauseOption(command(device, run, 'return', 'it came back: it is nobody’s'))
    .argument('<serial>', 'serial number')
    .action(async (serial: string, flags: VerbFlags) => {
      const give = { serial, ...byOf(flags) };
      await answer(run, flags, ({ machines }) => machines.giveDevice(give), deviceText);
    });
}

const servicesText = ({ services }: HostInfo) =>
  services.length === 0 ? 'every service' : services.join(', ');

function hostsText({ hosts }: { readonly hosts: readonly HostInfo[] }): string {
  if (hosts.length === 0) return '  no host lets people in by groups; tenure host add NAME\n';
  const rows = hosts.map((host) => [
    host.name,
    host.groups.join(', ') || 'nobody',
    servicesText(host),
    counted(host.people.length, 'person', 'people'),
  ]);
  return `${table(rows, '  ')}  ${counted(hosts.length, 'host')}\n`;
}

function hostText(host: HostInfo): string {
  const list = (values: readonly string[], none: string) => values.join(', ') || none;
  const rows = [
    ['names', [host.name, ...host.aliases].join(', ')],
    ['comes from', list(host.addresses, 'anywhere, with its own password')],
    ['groups', list(host.groups, 'none')],
    ['by', servicesText(host)],
    ['people', list(host.people, 'nobody')],
    ['sudo rules', list(host.sudo, 'none')],
    ...(host.owner === undefined ? [] : [['owner', host.owner]]),
  ];
  return `${host.dn}\n${table(rows, '  ')}`;
}

function madeText(made: HostMade): string {
  return `${hostText(made)}  password, shown once: ${made.password}\n`;
}

function deviceRow({ serial, kind, owner, state, end, zone, now }: DeviceInfo): string[] {
  const whose = owner === undefined ? 'nobody’s' : owner;
  const off = state === undefined || state === 'active' ? '' : state;
  return [serial, kind, whose, off, end === undefined ? '' : `until ${endText(end, zone, now)}`];
}

const deviceText = (one: DeviceInfo): string => table([deviceRow(one)], '  ');
