/** The administration's use cases around hosts that people log in to, and devices they were given. */

interface By {
  readonly by: string;
  readonly because: string;
}

export interface HostAdd extends By {
  readonly name: string;
  /** Other names of the machine, such as its full one. */
  readonly aliases: readonly string[];
  readonly groups: readonly string[];
  /** Empty: all. */
  readonly services: readonly string[];
  readonly addresses: readonly string[];
  readonly owner?: string | undefined;
}

export interface HostNamed extends By {
  readonly name: string;
}

/** Groups in place of those that there are. */
export interface HostAllow extends HostNamed {
  readonly groups: readonly string[];
}

export interface HostInfo {
  readonly dn: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly groups: readonly string[];
  readonly services: readonly string[];
  readonly addresses: readonly string[];
  readonly owner?: string;
  /** Logins of those who may log in now. */
  readonly people: readonly string[];
  /** Names of the sudo rules that are for it. */
  readonly sudo: readonly string[];
}

/** The password is here and nowhere else. */
export interface HostMade extends HostInfo {
  readonly password: string;
}

export interface DeviceAdd extends By {
  readonly serial: string;
  readonly owner: string;
  readonly kind: string;
  /** In words. */
  readonly end?: string | undefined;
}

export interface DeviceGive extends By {
  readonly serial: string;
  /** Absent: it came back, and is nobody's. */
  readonly owner?: string | undefined;
}

export interface DeviceInfo {
  readonly dn: string;
  readonly serial: string;
  readonly kind: string;
  readonly owner?: string;
  /** Of the owner, where there is one. */
  readonly state?: string;
  /** ISO 8601, UTC. */
  readonly end?: string;
  readonly zone: string;
  readonly now: string;
}

export interface MachinesEngine {
  addHost(add: HostAdd): Promise<HostMade>;
  hosts(of: {
    readonly name?: string | undefined;
  }): Promise<{ readonly hosts: readonly HostInfo[] }>;
  allow(change: HostAllow): Promise<HostInfo>;
  /** A new password in place of the one that there is. */
  renewHost(of: HostNamed): Promise<HostMade>;
  removeHost(of: HostNamed): Promise<HostInfo>;
  addDevice(add: DeviceAdd): Promise<DeviceInfo>;
  devices(of: {
    readonly owner?: string | undefined;
  }): Promise<{ readonly devices: readonly DeviceInfo[] }>;
  giveDevice(give: DeviceGive): Promise<DeviceInfo>;
}
