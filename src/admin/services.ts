/** The administration's use cases around service accounts and shared logins. Times are ISO 8601, UTC. */

/** One generated credential; what opens is its bearer's alone. */
export interface ServiceCredential {
  readonly id: string;
  readonly made: string;
  /** When it ends by itself: another has taken its place, or it was not renewed. */
  readonly ends?: string;
  /** When the policy wants another. */
  readonly due?: string;
  /** It opens nothing any more. */
  readonly ended: boolean;
  readonly lastUse?: string;
}

export interface ServiceInfo {
  readonly dn: string;
  readonly login: string;
  readonly kind: 'service' | 'shared';
  readonly state: string;
  /** Logins; undefined where nobody is named, or who was is gone. */
  readonly owner?: string;
  readonly deputy?: string;
  readonly purpose?: string;
  /** Of a shared login: who uses it. */
  readonly users: readonly string[];
  /** When its time is over; by itself it ends later where it is in use. */
  readonly ends?: string;
  /** It has ended and is in use: this is when it is shut whoever still uses it. */
  readonly shutAt?: string;
  readonly addresses: readonly string[];
  /** Words of tenureView. */
  readonly view: readonly string[];
  /** It has a password that somebody chose. */
  readonly password: boolean;
  readonly credentials: readonly ServiceCredential[];
  readonly lastUse?: { readonly at: string; readonly from: string };
  readonly health: 'green' | 'amber' | 'red';
  /** Sentences: what is not as it should be. */
  readonly concerns: readonly string[];
}

export interface ServiceList {
  readonly now: string;
  readonly zone: string;
  readonly services: readonly ServiceInfo[];
}

/** With the clock and the zone in which it is read. */
export interface ServiceShown extends ServiceInfo {
  readonly now: string;
  readonly zone: string;
}

export interface ServiceOrder {
  readonly name: string;
  readonly by: string;
  readonly because: string;
}

export interface AddService extends ServiceOrder {
  readonly owner: string;
  readonly deputy: string;
  readonly purpose: string;
  /** In words. */
  readonly until: string;
  readonly from: readonly string[];
  readonly view: readonly string[];
}

export interface RotateService extends ServiceOrder {
  /** How long the old one goes on beside it, ms; as the policy says where it is left out. */
  readonly overlapMs?: number | undefined;
}

export interface RenewService extends ServiceOrder {
  readonly until: string;
}

/** A credential is in no other answer, and nowhere in the clear. */
export interface ServiceMade extends ServiceShown {
  readonly credential: string;
  /** Until when what was there before opens; undefined where there was nothing. */
  readonly oldUntil?: string;
}

export interface ServicesEngine {
  add(order: AddService): Promise<ServiceMade>;
  list(of: { readonly all?: boolean }): Promise<ServiceList>;
  show(of: { readonly name: string }): Promise<ServiceShown>;
  rotate(order: RotateService): Promise<ServiceMade>;
  renew(order: RenewService): Promise<ServiceShown>;
}
