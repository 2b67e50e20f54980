// The clients build their own URLs, such as https://{slug}.{domain}/api. No DNS
// server knows the hosts of the emulator's domain. So this module resolves them
// to this machine.
import dns from 'node:dns'

const { domain } = JSON.parse(process.env.INTEROP)
const suffix = '.' + domain.split(':')[0]
const lookup = dns.lookup

dns.lookup = (host, options, callback) => {
  if (typeof options === 'function') [options, callback] = [{}, options]
  if (!host.endsWith(suffix)) return lookup(host, options, callback)
  if (options.all) return callback(null, [{ address: '127.0.0.1', family: 4 }])
  return callback(null, '127.0.0.1', 4)
}
