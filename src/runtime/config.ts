/**
 * The configuration: what DIR/config.yaml may say, its defaults, and reading it. Every mistake is
 * reported with line and column, all of them at once. It refuses unknown keys, and applies nothing:
 * it only returns a Config.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { parseAddress } from './address.js';
import { type ConfigProblem, readYaml } from './config-yaml.js';
import { defaultLimits, type Limits } from './limits.js';
import type { LogLevel } from './log.js';

export type { ConfigProblem } from './config-yaml.js';

/** Where clear-text passwords are accepted without TLS: RFC 4513 §5.1.3 leaves it to us. */
export type CleartextBind = 'loopback' | 'always' | 'never';

/** Types of SSH keys whose inside can be checked, the best first. */
const sshKeyTypes = [
  'ssh-ed25519',
  'sk-ssh-ed25519@openssh.com',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ecdsa-sha2-nistp256@openssh.com',
  'ssh-rsa',
] as const;

export type SshKeyType = (typeof sshKeyTypes)[number];

/** From what in a certificate to which attribute; `subject` is the entry's own name. */
export interface CertificateSource {
  readonly from: 'subject' | 'email' | 'upn' | 'cn';
  readonly attribute?: string;
}

/** The settings of one server, complete: whatever the file leaves out has its default. */
export interface Config {
  readonly listen: {
    /** HOST:PORT, or undefined where switched off. */
    readonly ldap: string | undefined;
    readonly ldaps: string | undefined;
  };
  readonly tls: {
    /** Absolute paths of PEM files; undefined stands for those in DIR/certs. */
    readonly cert: string | undefined;
    readonly key: string | undefined;
    readonly ca: string | undefined;
    readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  };
  readonly cleartextBind: CleartextBind;
  readonly certificateLogin: {
    /** Absolute path; undefined: nobody logs in with a certificate, and none is asked for. */
    readonly ca: string | undefined;
    readonly crl: string | undefined;
    readonly map: readonly CertificateSource[];
  };
  readonly passwords: {
    /** Replace a weaker stored hash when its owner binds. */
    readonly rehashOnBind: boolean;
    /** Tell of expiry by Netscape's controls too, which clients do not ask for. */
    readonly netscapeControls: boolean;
    /** Recognise a password that was verified a moment ago without another hash. */
    readonly cacheVerified: boolean;
    /** Absolute path of a sorted file of breached passwords' hashes. */
    readonly breachFile: string | undefined;
    readonly argon2: {
      readonly memoryKiB: number;
      readonly iterations: number;
      readonly parallelism: number;
    };
  };
  readonly sshKeys: {
    readonly types: readonly SshKeyType[];
    readonly rsaBitsMin: number;
    /** Whether one key may stand for several entries. */
    readonly duplicates: 'refuse' | 'allow';
  };
  readonly secrets: {
    /** Absolute path of the keys of sealed secrets; undefined stands for DIR/secrets.key. */
    readonly keyFile: string | undefined;
  };
  /** Where the NT hashes that RADIUS and file servers read come from. */
  readonly ntHash: {
    readonly wifi: 'secret' | 'password';
    readonly files: 'secret' | 'password';
  };
  /** How the policy tells the world. */
  readonly outbox: {
    /** URL of an SMTP server; undefined: messages become files in DIR/outbox. */
    readonly mail: string | undefined;
    readonly from: string;
    /** Webhooks by the name that the policy calls; secret files as absolute paths. */
    readonly hooks: Readonly<Record<string, { readonly url: string; readonly secretFile: string }>>;
  };
  /** Where people are seen. */
  readonly accessMap: {
    readonly enabled: boolean;
    /** How long it is kept. */
    readonly days: number;
    /** What it is for, in a sentence that is shown with it. */
    readonly purpose: string;
    /** Whether people are told of a first login through another application. */
    readonly tellPeople: boolean;
  };
  readonly limits: Limits;
  readonly log: { readonly level: LogLevel };
}

/** What holds where config.yaml is silent. */
export const defaultConfig: Config = {
  listen: { ldap: '127.0.0.1:3890', ldaps: '127.0.0.1:6360' },
  tls: { cert: undefined, key: undefined, ca: undefined, minVersion: 'TLSv1.2' },
  cleartextBind: 'loopback',
  certificateLogin: {
    ca: undefined,
    crl: undefined,
    map: [{ from: 'subject' }, { from: 'email', attribute: 'mail' }],
  },
  passwords: {
    rehashOnBind: true,
    netscapeControls: false,
    cacheVerified: true,
    breachFile: undefined,
    argon2: { memoryKiB: 19_456, iterations: 2, parallelism: 1 },
  },
  sshKeys: { types: sshKeyTypes, rsaBitsMin: 2_048, duplicates: 'refuse' },
  secrets: { keyFile: undefined },
  ntHash: { wifi: 'secret', files: 'secret' },
  outbox: { mail: undefined, from: 'tenure@localhost', hooks: {} },
  accessMap: {
    enabled: true,
    days: 90,
    purpose: 'to close every door when somebody leaves, and to notice logins that are not theirs',
    tellPeople: true,
  },
  limits: defaultLimits,
  log: { level: 'info' },
};

/** The word that switches a listener off, in the file and on the command line. */
export const listenOff = 'off';

/** All that is wrong with a configuration file, one problem a line: `FILE:LINE:COLUMN: text`. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    super(problems.map((p) => `${file}:${p.line}:${p.column}: ${p.message}`).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** setTimeout takes no more. */
const TIMER_MS_MAX = 2_147_483_647;
/** Limits where 0 stands for "none" or "as many as there are". */
const zeroAllowed: ReadonlySet<string> = new Set([
  'sizeLimitMax',
  'timeLimitMaxSeconds',
  'hashesInFlight',
  'entryCacheBytes',
  'otpDriftSteps',
  'otpLookAhead',
  'sourceFailuresMax',
]);

const address = z.string().superRefine((text, context) => {
  if (text === listenOff) return;
  const parsed = parseAddress(text);
  if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.reason });
});

const path = z.string().min(1);

function limit(name: string): z.ZodOptional<z.ZodInt> {
  const whole = z.int().min(zeroAllowed.has(name) ? 0 : 1);
  return (name.endsWith('Ms') ? whole.max(TIMER_MS_MAX) : whole).optional();
}

const limitNames = Object.keys(defaultLimits) as (keyof Limits)[];

const fileSchema = z.strictObject({
  listen: z.strictObject({ ldap: address.optional(), ldaps: address.optional() }).optional(),
  tls: z
    .strictObject({
      cert: path.optional(),
      key: path.optional(),
      ca: path.optional(),
      minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).optional(),
    })
    .optional(),
  cleartextBind: z.enum(['loopback', 'always', 'never']).optional(),
  certificateLogin: z
    .strictObject({
      ca: path.optional(),
      crl: path.optional(),
      map: z.array(z.string()).min(1).optional(),
    })
    .optional(),
  passwords: z
    .strictObject({
      rehashOnBind: z.boolean().optional(),
      netscapeControls: z.boolean().optional(),
      cacheVerified: z.boolean().optional(),
      breachFile: path.optional(),
      argon2: z
        .strictObject({
          memoryKiB: z.int().min(1024).max(4_194_304).optional(),
          iterations: z.int().min(1).max(64).optional(),
          parallelism: z.int().min(1).max(64).optional(),
        })
        .optional(),
    })
    .optional(),
  sshKeys: z
    .strictObject({
      types: z.array(z.enum(sshKeyTypes)).min(1).optional(),
      rsaBitsMin: z.int().min(1_024).max(16_384).optional(),
      duplicates: z.enum(['refuse', 'allow']).optional(),
    })
    .optional(),
  secrets: z.strictObject({ keyFile: path.optional() }).optional(),
  ntHash: z
    .strictObject({
      wifi: z.enum(['secret', 'password']).optional(),
      files: z.enum(['secret', 'password']).optional(),
    })
    .optional(),
  outbox: z
    .strictObject({
      mail: z.url({ protocol: /^smtps?$/ }).optional(),
      from: z.string().min(3).optional(),
      hooks: z
        .record(
          z.string().min(1),
          z.strictObject({ url: z.url({ protocol: /^https?$/ }), secretFile: path }),
        )
        .optional(),
    })
    .optional(),
  accessMap: z
    .strictObject({
      enabled: z.boolean().optional(),
      days: z.int().min(1).max(3_650).optional(),
      purpose: z.string().min(1).max(500).optional(),
      tellPeople: z.boolean().optional(),
    })
    .optional(),
  limits: z.strictObject(Object.fromEntries(limitNames.map((n) => [n, limit(n)]))).optional(),
  log: z
    .strictObject({
      level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).optional(),
    })
    .optional(),
});

type ConfigFile = z.infer<typeof fileSchema>;

/**
 * The configuration in `text`, which was read from `file`; relative paths in it start from the
 * folder of `file`. Throws {@link ConfigError}.
 */
export function parseConfig(text: string, file: string): Config {
  const read = readYaml(text, fileSchema);
  const problems = [...read.problems];
  const config = read.value === undefined ? defaultConfig : complete(read.value, dirname(file));
  if (problems.length === 0 && (config.tls.cert === undefined) !== (config.tls.key === undefined)) {
    const [given, missing] = config.tls.cert === undefined ? ['key', 'cert'] : ['cert', 'key'];
    const at = read.positionOf(['tls', given]);
    problems.push({ ...at, message: `tls.${given} needs tls.${missing} beside it` });
  }
  if (problems.length === 0 && config.certificateLogin.crl && !config.certificateLogin.ca) {
    const at = read.positionOf(['certificateLogin', 'crl']);
    const message = 'certificateLogin.crl needs certificateLogin.ca beside it';
    problems.push({ ...at, message });
  }
  for (const [i, text] of (read.value?.certificateLogin?.map ?? []).entries()) {
    if (mapForm.test(text)) continue;
    const at = read.positionOf(['certificateLogin', 'map', i]);
    problems.push({ ...at, message: `certificateLogin.map: "${text}" ${mapHelp}` });
  }
  if (problems.length > 0) throw new ConfigError(file, problems);
  return config;
}

/**
 * The configuration in `file`. A missing file gives the defaults unless `required`. Throws
 * {@link ConfigError}, or an Error with one sentence where the file cannot be read.
 */
export function loadConfig(file: string, required: boolean): Config {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !required) return defaultConfig;
    throw new ConfigError(file, [{ line: 1, column: 1, message: unreadable(code) }]);
  }
  return parseConfig(text, file);
}

function unreadable(code: string | undefined): string {
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission to read the file is missing';
  if (code === 'EISDIR') return 'this is a folder, not a file';
  return `the file cannot be read (${code ?? 'unknown reason'})`;
}

function complete(given: ConfigFile, folder: string): Config {
  const base = defaultConfig;
  const { listen, tls, passwords, secrets } = given;
  return {
    listen: {
      ldap: listener(listen?.ldap, base.listen.ldap),
      ldaps: listener(listen?.ldaps, base.listen.ldaps),
    },
    tls: {
      cert: absolute(folder, tls?.cert),
      key: absolute(folder, tls?.key),
      ca: absolute(folder, tls?.ca),
      minVersion: tls?.minVersion ?? base.tls.minVersion,
    },
    cleartextBind: given.cleartextBind ?? base.cleartextBind,
    certificateLogin: {
      ca: absolute(folder, given.certificateLogin?.ca),
      crl: absolute(folder, given.certificateLogin?.crl),
      map: given.certificateLogin?.map?.map(certificateSource) ?? base.certificateLogin.map,
    },
    passwords: {
      rehashOnBind: passwords?.rehashOnBind ?? base.passwords.rehashOnBind,
      netscapeControls: passwords?.netscapeControls ?? base.passwords.netscapeControls,
      cacheVerified: passwords?.cacheVerified ?? base.passwords.cacheVerified,
      breachFile: absolute(folder, passwords?.breachFile),
      argon2: {
        memoryKiB: passwords?.argon2?.memoryKiB ?? base.passwords.argon2.memoryKiB,
        iterations: passwords?.argon2?.iterations ?? base.passwords.argon2.iterations,
        parallelism: passwords?.argon2?.parallelism ?? base.passwords.argon2.parallelism,
      },
    },
    sshKeys: {
      types: given.sshKeys?.types ?? base.sshKeys.types,
      rsaBitsMin: given.sshKeys?.rsaBitsMin ?? base.sshKeys.rsaBitsMin,
      duplicates: given.sshKeys?.duplicates ?? base.sshKeys.duplicates,
    },
    secrets: {
      keyFile: secrets?.keyFile === undefined ? undefined : resolve(folder, secrets.keyFile),
    },
    ntHash: {
      wifi: given.ntHash?.wifi ?? base.ntHash.wifi,
      files: given.ntHash?.files ?? base.ntHash.files,
    },
    outbox: {
      mail: given.outbox?.mail,
      from: given.outbox?.from ?? base.outbox.from,
      hooks: Object.fromEntries(
        Object.entries(given.outbox?.hooks ?? {}).map(([name, { url, secretFile }]) => [
          name,
          { url, secretFile: resolve(folder, secretFile) },
        ]),
      ),
    },
    accessMap: {
      enabled: given.accessMap?.enabled ?? base.accessMap.enabled,
      days: given.accessMap?.days ?? base.accessMap.days,
      purpose: given.accessMap?.purpose ?? base.accessMap.purpose,
      tellPeople: given.accessMap?.tellPeople ?? base.accessMap.tellPeople,
    },
    limits: { ...base.limits, ...(given.limits as Partial<Limits> | undefined) },
    log: { level: given.log?.level ?? base.log.level },
  };
}

const mapForm = /^(?:subject|(?:email|upn|cn)=[A-Za-z][\w-]*)$/;
const mapHelp = 'is none of subject, email=ATTRIBUTE, upn=ATTRIBUTE, cn=ATTRIBUTE';

function certificateSource(written: string): CertificateSource {
  const [from = '', attribute] = written.split('=');
  const source = { from: from as CertificateSource['from'] };
  return attribute === undefined ? source : { ...source, attribute };
}

function absolute(folder: string, given: string | undefined): string | undefined {
  return given === undefined ? undefined : resolve(folder, given);
}

function listener(given: string | undefined, otherwise: string | undefined): string | undefined {
  return given === listenOff ? undefined : (given ?? otherwise);
}
