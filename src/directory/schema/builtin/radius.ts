/** FreeRADIUS: profiles on people and groups, and its clients kept in the directory. */
import type { SchemaFile } from '../types.js';
import {
  attributeType,
  boolean,
  dn,
  integer,
  objectClass,
  secret,
  syntaxOid,
  text,
} from './define.js';

const a = '1.3.6.1.4.1.11344.4.2.2.1';
const client = '1.3.6.1.4.1.11344.1.100';
const one = 'SINGLE-VALUE';

/** Profile attributes that hold one text, by the last arc of their OID. */
const single: readonly (readonly [number, string])[] = [
  [1, 'radiusArapFeatures'],
  [2, 'radiusArapSecurity'],
  [3, 'radiusArapZoneAccess'],
  [44, 'radiusAuthType'],
  [4, 'radiusCallbackId'],
  [5, 'radiusCallbackNumber'],
  [6, 'radiusCalledStationId'],
  [7, 'radiusCallingStationId'],
  [45, 'radiusClientIPAddress'],
  [10, 'radiusFramedAppleTalkLink'],
  [12, 'radiusFramedAppleTalkZone'],
  [14, 'radiusFramedIPAddress'],
  [15, 'radiusFramedIPNetmask'],
  [16, 'radiusFramedIPXNetwork'],
  [17, 'radiusFramedMTU'],
  [18, 'radiusFramedProtocol'],
  [20, 'radiusFramedRouting'],
  [47, 'radiusHint'],
  [21, 'radiusIdleTimeout'],
  [23, 'radiusLoginLATGroup'],
  [24, 'radiusLoginLATNode'],
  [25, 'radiusLoginLATPort'],
  [26, 'radiusLoginLATService'],
  [27, 'radiusLoginService'],
  [28, 'radiusLoginTCPPort'],
  [29, 'radiusPasswordRetry'],
  [30, 'radiusPortLimit'],
  [31, 'radiusPrompt'],
  [51, 'radiusProxyToRealm'],
  [52, 'radiusRealm'],
  [32, 'radiusServiceType'],
  [33, 'radiusSessionTimeout'],
  [34, 'radiusTerminationAction'],
  [54, 'radiusLoginTime'],
  [55, 'radiusUserCategory'],
  [57, 'dialupAccess'],
  [58, 'radiusExpiration'],
  [61, 'radiusNASIpAddress'],
];

/** The same for several texts. */
const several: readonly (readonly [number, string])[] = [
  [8, 'radiusClass'],
  [9, 'radiusFilterId'],
  [11, 'radiusFramedAppleTalkNetwork'],
  [13, 'radiusFramedCompression'],
  [19, 'radiusFramedRoute'],
  [46, 'radiusGroupName'],
  [48, 'radiusHuntgroupName'],
  [22, 'radiusLoginIPHost'],
  [35, 'radiusTunnelAssignmentId'],
  [36, 'radiusTunnelMediumType'],
  [38, 'radiusTunnelPreference'],
  [39, 'radiusTunnelPrivateGroupId'],
  [40, 'radiusTunnelServerEndpoint'],
  [41, 'radiusTunnelType'],
  [42, 'radiusVSA'],
  [43, 'radiusTunnelClientEndpoint'],
  [59, 'radiusAttribute'],
  [62, 'radiusReplyMessage'],
  [168, 'radiusFramedIPv6Address'],
  [169, 'radiusDNSServerIPv6Address'],
  [170, 'radiusRouteIPv6Information'],
  [171, 'radiusDelegatedIPv6PrefixPool'],
  [172, 'radiusStatefulIPv6AddressPool'],
  [256, 'radiusControlAttribute'],
  [257, 'radiusReplyAttribute'],
  [258, 'radiusRequestAttribute'],
];

const others = `radiusProfileDN radiusProfileSuspendedDN radiusTunnelPassword
  radiusSimultaneousUse radiusStripUserName`;
const profileNames = [...single, ...several].map(([, name]) => name).join(' ');

export const radius: SchemaFile = {
  name: 'radius',
  attributeTypes: [
    ...single.map(([id, name]) => text(`${a}.${id}`, name, '', one)),
    ...several.map(([id, name]) => text(`${a}.${id}`, name, '')),
    attributeType(
      `${a}.37`,
      'radiusTunnelPassword',
      '',
      `EQUALITY caseExactMatch SYNTAX ${syntaxOid(15)} ${one} ${secret}`,
    ),
    dn(`${a}.49`, 'radiusProfileDN', ''),
    dn(`${a}.50`, 'radiusProfileSuspendedDN', ''),
    integer(`${a}.53`, 'radiusSimultaneousUse', '', one),
    boolean(`${a}.56`, 'radiusStripUserName', '', one),
    text(`${client}.2.1`, 'radiusClientIdentifier', 'address of a client', one),
    attributeType(
      `${client}.2.2`,
      'radiusClientSecret',
      'shared secret of a client',
      `EQUALITY caseExactMatch SYNTAX ${syntaxOid(15)} ${one} ${secret}`,
    ),
    text(`${client}.2.3`, 'radiusClientShortname', 'short name of a client', one),
    text(`${client}.2.4`, 'radiusClientVirtualServer', 'virtual server of a client', one),
    text(`${client}.2.5`, 'radiusClientType', 'kind of client', one),
    boolean(`${client}.2.6`, 'radiusClientRequireMa', 'message authenticator required', one),
    text(`${client}.2.7`, 'radiusClientComment', 'comment', ''),
  ],
  objectClasses: [
    objectClass('1.3.6.1.4.1.11344.4.2.2.2.1', 'radiusProfile', 'RADIUS data', 'AUXILIARY', {
      may: `${profileNames} ${others}`,
    }),
    objectClass(`${client}.1.1`, 'radiusClient', 'RADIUS client', 'STRUCTURAL', {
      must: 'radiusClientIdentifier radiusClientSecret',
      may: `radiusClientShortname radiusClientVirtualServer radiusClientType
        radiusClientRequireMa radiusClientComment`,
    }),
  ],
};
