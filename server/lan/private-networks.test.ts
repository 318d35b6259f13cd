import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { isPrivateAddress, ownAddresses } from './private-networks.ts'

test.each(['10.1.2.3', '172.31.255.1', '192.168.0.1', '169.254.7.7', '100.100.1.1', '127.0.0.1', '::1', 'fd12::1'])(
  '%s is of the house',
  (address) => {
    expect(isPrivateAddress(address)).toBe(true)
  },
)

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2001:db8::1', 'fe80::1', 'name.local', ''])(
  '%s is not',
  (address) => {
    expect(isPrivateAddress(address)).toBe(false)
  },
)

test('its own addresses are the private ones of its interfaces, IPv4 first, each once', () => {
  const one = (address: string, family: 'IPv4' | 'IPv6', internal = false) =>
    ({ address, family, internal, netmask: '', mac: '', cidr: null }) as NetworkInterfaceInfo
  const interfaces = {
    lo: [one('127.0.0.1', 'IPv4', true), one('::1', 'IPv6', true)],
    wlan0: [one('fd00::7', 'IPv6'), one('2001:db8::7', 'IPv6'), one('fe80::7', 'IPv6'), one('192.168.1.7', 'IPv4')],
    eth0: [one('192.168.1.7', 'IPv4'), one('81.2.69.142', 'IPv4')],
    gone: undefined,
  }
  expect(ownAddresses(interfaces)).toEqual(['192.168.1.7', 'fd00::7'])
})
