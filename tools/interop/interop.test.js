// These tests ask the emulator with the official clients. They check the objects
// that the clients return. So they find each difference between the emulator and
// the API that matters to the clients.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authenticate, getCoreApiBaseEndpoint, jwtDecode, jwtIsIntegration, revoke } from '@commercelayer/js-auth'
import { CommerceLayer as CommerceLayerGlobal, CommerceLayerStatic, customers } from '@commercelayer/sdk'
import { CommerceLayer } from '@commercelayer/sdk/bundle'
import CommerceLayerUtils, { retrieveAll } from '@commercelayer/sdk-utils'

const { domain, clientId, clientSecret, ids, tokens } = JSON.parse(process.env.INTEROP)

// client makes a client of one of the emulated organizations.
const client = (organization = 'yourdomain', accessToken = tokens[organization]) =>
  CommerceLayer({ organization, domain, accessToken })

// failure returns the error of the client, and fails when there is none.
const failure = async (promise) => {
  try {
    await promise
  } catch (error) {
    return error
  }
  assert.fail('the client sees no error')
}

// apiFailure returns the client's error about an error answer of the API.
const apiFailure = async (promise, status, code) => {
  const error = await failure(promise)
  assert.ok(CommerceLayerStatic.isApiError(error), `not the API's error: ${error}`)
  assert.equal(error.status, status)
  if (code) assert.equal(error.first().code, code)
  return error
}

test('authentication', async (t) => {
  await t.test('client credentials give a token of an integration', async () => {
    const grant = await authenticate('client_credentials', { clientId, clientSecret, domain })
    assert.equal(grant.errors, undefined)
    assert.equal(grant.tokenType, 'Bearer')
    assert.equal(grant.scope, 'market:all')
    assert.ok(grant.expiresIn > 0 && grant.expires > new Date())
    const { payload } = jwtDecode(grant.accessToken)
    assert.ok(jwtIsIntegration(payload))
    assert.equal(payload.organization.slug, 'yourdomain')
    assert.equal(payload.test, true)
    assert.equal(getCoreApiBaseEndpoint(grant.accessToken), 'https://yourdomain.commercelayer.io')
    const customers = await client('yourdomain', grant.accessToken).customers.list()
    assert.equal(customers.length, 10)
  })

  await t.test('the same token comes again', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => authenticate('client_credentials', { clientId, clientSecret, domain })))
    assert.equal(one.accessToken, two.accessToken)
  })

  await t.test('a wrong secret is refused', async () => {
    const grant = await authenticate('client_credentials', { clientId, clientSecret: 'wrong', domain })
    assert.equal(grant.accessToken, undefined)
    assert.deepEqual(grant.errors.map(({ code, title, status }) => ({ code, title, status })),
      [{ code: 'UNAUTHORIZED', title: 'invalid_client', status: 401 }])
  })

  await t.test('a revoked token is invalid', async () => {
    const cl = client('yourdomain', tokens.revocable)
    assert.ok(await cl.customers.retrieve(ids.full))
    assert.deepEqual(await revoke({ clientId, clientSecret, token: tokens.revocable }), {})
    await apiFailure(cl.customers.retrieve(ids.full), 401, 'INVALID_TOKEN')
  })

  await t.test('an expired token is renewed once', async () => {
    let renewed = 0
    const cl = CommerceLayer({
      organization: 'yourdomain', domain, accessToken: tokens.expired,
      refreshToken: async () => {
        renewed++
        return tokens.yourdomain
      },
    })
    assert.equal((await cl.customers.retrieve(ids.full)).id, ids.full)
    assert.equal(renewed, 1)
  })

  await t.test('the host belongs to the organization', async () => {
    await apiFailure(client('globex', tokens.yourdomain).customers.list(), 401, 'INVALID_TOKEN')
  })

  await t.test('the organization and the application of the token', async () => {
    const cl = client()
    const organization = await cl.organization.retrieve()
    assert.equal(organization.type, 'organization')
    assert.equal(organization.slug, 'yourdomain')
    const application = await cl.application.retrieve()
    assert.equal(application.type, 'application')
    assert.equal(application.kind, 'integration')
  })
})

test('retrieve', async (t) => {
  const cl = client()

  await t.test('every attribute', async () => {
    const customer = await cl.customers.retrieve(ids.full)
    assert.ok(cl.customers.isCustomer(customer))
    assert.equal(customer.email, 'ada@example.com')
    assert.equal(customer.status, 'repeat')
    assert.equal(customer.has_password, true)
    assert.equal(customer.total_orders_count, 6)
    assert.equal(customer.metadata.gdpr_preferences.email, true)
    assert.equal(customer.anonymization_info.requester.first_name, 'Travis')
    assert.equal(new Date(customer.created_at).toISOString(), customer.created_at)
    assert.equal(customer.customer_group, undefined, 'what is not included is undefined')
    assert.equal(customer.tags, undefined)
  })

  await t.test("the document of the API's own documentation", async () => {
    const customer = await cl.customers.retrieve(ids.seed)
    assert.equal(customer.email, 'john@example.com')
    assert.deepEqual(customer.metadata, { foo: 'bar' })
  })

  await t.test('include', async () => {
    const customer = await cl.customers.retrieve(ids.full, { include: ['customer_group', 'tags', 'orders.shipments'] })
    assert.equal(customer.customer_group.name, 'VIP')
    assert.deepEqual(customer.tags.map((tag) => tag.name), ['newsletter', 'beta_tester'])
    assert.deepEqual(customer.orders.map((order) => order.shipments.length), [1, 1])
  })

  await t.test('include of what is empty', async () => {
    const customer = await cl.customers.retrieve(ids.seed, { include: ['customer_group', 'tags'] })
    assert.equal(customer.customer_group, null)
    assert.deepEqual(customer.tags, [])
  })

  await t.test('fields', async () => {
    const customer = await cl.customers.retrieve(ids.full, {
      fields: { customers: ['status', 'customer_group'], customer_groups: ['code'] }, include: ['customer_group'],
    })
    assert.equal(customer.status, 'repeat')
    assert.equal(customer.email, undefined)
    assert.equal(customer.customer_group.code, 'vip')
    assert.equal(customer.customer_group.name, undefined)
  })
})

test('list', async (t) => {
  const cl = client()

  await t.test('pages', async () => {
    const first = await cl.customers.list({ pageSize: 25, sort: ['id'] })
    assert.equal(first.length, 25)
    assert.deepEqual([first.recordCount, first.pageCount], [42, 2])
    assert.deepEqual([first.hasPrevPage(), first.hasNextPage()], [false, true])
    const last = await cl.customers.list({ pageSize: 25, pageNumber: 2, sort: ['id'] })
    assert.equal(last.length, 17)
    assert.deepEqual([last.hasPrevPage(), last.hasNextPage()], [true, false])
    assert.equal(new Set([...first, ...last].map(({ id }) => id)).size, 42)
  })

  await t.test('an empty list', async () => {
    const none = await cl.customers.list({ filters: { email_eq: 'nobody@example.invalid' } })
    assert.equal(none.length, 0)
    assert.equal(none.recordCount, 0)
    assert.equal(none.hasNextPage(), false)
    assert.equal(none.first(), undefined)
  })

  await t.test('filters', async () => {
    for (const [filters, count] of [
      [{ email_eq: 'ada@example.com' }, 1],
      [{ email_in: ['ada@example.com', 'john@example.com', 'nobody@example.com'] }, 2],
      [{ id_in: [ids.full, ids.seed] }, 2],
      [{ email_start: 'customer-', total_orders_count_gt: 3 }, 5],
      [{ customer_group_code_eq: 'vip' }, 1],
      [{ tags_id_in: [ids.beta] }, 1],
      [{ metadata_jcont: { vip: true } }, 1],
      [{ email_or_reference_start: 'ada' }, 1],
      [{ password_present: true, email_eq: 'ada@example.com' }, 1],
    ]) {
      assert.equal(await cl.customers.count({ filters }), count, JSON.stringify(filters))
    }
  })

  await t.test('sorts', async () => {
    const up = await cl.customers.list({ sort: { email: 'asc' } })
    assert.equal(up.first().email, 'ada@example.com')
    const down = await cl.customers.list({ sort: ['-email'] })
    assert.equal(down.first().email, 'john@example.com')
  })

  await t.test('include and fields', async () => {
    const list = await cl.customers.list({
      filters: { id_in: [ids.full, ids.seed] }, sort: ['id'], include: ['tags'], fields: { customers: ['email', 'tags'], tags: ['name'] },
    })
    assert.deepEqual([...list].map(({ email, tags, status }) => ({ email, tags: tags.map(({ name }) => name), status })), [
      { email: 'john@example.com', tags: [], status: undefined },
      { email: 'ada@example.com', tags: ['newsletter', 'beta_tester'], status: undefined },
    ])
  })

  await t.test('all of them, by the official walk', async () => {
    const global = CommerceLayerGlobal({ organization: 'yourdomain', domain, accessToken: tokens.yourdomain })
    CommerceLayerUtils(global, [customers])
    const all = await retrieveAll('customers', { fields: { customers: ['email'] } })
    assert.equal(all.length, 42)
    assert.equal(new Set(all.map(({ id }) => id)).size, 42)
  })
})

test('related', async (t) => {
  const cl = client()

  await t.test('to one', async () => {
    const group = await cl.customers.customer_group(ids.full)
    assert.equal(group.type, 'customer_groups')
    assert.equal(group.name, 'VIP')
    assert.equal(await cl.customers.customer_group(ids.seed), null)
  })

  await t.test('to many, with pages, filters and sorts', async () => {
    const tags = await cl.customers.tags(ids.full)
    assert.deepEqual([...tags].map(({ name }) => name), ['newsletter', 'beta_tester'])
    const orders = await cl.customers.orders(ids.buyer, { pageSize: 25, pageNumber: 3, sort: ['number'] })
    assert.deepEqual([orders.length, orders.recordCount, orders.pageCount], [10, 60, 3])
    const newest = await cl.customers.orders(ids.buyer, { sort: { placed_at: 'desc' }, pageSize: 5, fields: ['number'] })
    assert.equal(newest.length, 5)
    assert.ok(newest.every(({ number, status }) => number && status === undefined))
    const active = await cl.customers.order_subscriptions(ids.full, { filters: { status_eq: 'active' } })
    assert.deepEqual([...active].map(({ status }) => status), ['active'])
    assert.equal((await cl.customers.returns(ids.full)).length, 0)
  })

  await t.test('of nobody', async () => {
    // A 404 has one error object, but the client reads only an array of errors.
    const error = await apiFailure(cl.customers.tags('nObOdYnObO'), 404)
    assert.equal(error.first(), undefined)
    await apiFailure(client('array').customers.tags('nObOdYnObO'), 404, 'RECORD_NOT_FOUND')
  })
})

test('errors', async (t) => {
  const cl = client()

  await t.test('not found, in each of its forms', async () => {
    await apiFailure(cl.customers.retrieve('nObOdYnObO'), 404)
    await apiFailure(client('array').customers.retrieve('nObOdYnObO'), 404, 'RECORD_NOT_FOUND')
    await apiFailure(client('html').customers.retrieve('nObOdYnObO'), 404)
  })

  await t.test('tokens', async () => {
    const error = await apiFailure(client('yourdomain', tokens.expired).customers.list(), 401, 'INVALID_TOKEN')
    assert.equal(error.first().status, '401')
    await apiFailure(client('yourdomain', 'nonsense').customers.list(), 401, 'INVALID_TOKEN')
    await apiFailure(client('yourdomain', tokens.powerless).customers.list(), 401, 'UNAUTHORIZED')
  })

  await t.test('bad requests', async () => {
    for (const [params, code] of [
      [{ filters: { shoe_size_eq: 42 } }, 'FILTER_NOT_ALLOWED'],
      [{ filters: { email_eq: '' } }, 'INVALID_FILTER_VALUE'],
      [{ sort: ['shoe_size'] }, 'INVALID_SORT_CRITERIA'],
      [{ include: ['friends'] }, 'INVALID_INCLUDE'],
      [{ fields: { customers: ['shoe_size'] } }, 'INVALID_FIELD'],
    ]) {
      const error = await apiFailure(cl.customers.list(params), 400, code)
      assert.ok(error.first().title && error.first().detail)
    }
  })

  await t.test('writing', async () => {
    await apiFailure(cl.customers.create({ email: 'new@example.com' }), 405)
  })

  await t.test('too many requests', async () => {
    const limited = client('limited')
    const reader = limited.addRawResponseReader({ headers: true })
    assert.ok(await limited.customers.list())
    assert.equal(reader.headers['x-ratelimit-limit'], '100')
    assert.ok(await limited.customers.list())
    await apiFailure(limited.customers.list(), 429)
    assert.equal(reader.rawResponse.errors.code, 'THROTTLED')
    assert.equal(reader.headers['retry-after'], '0')
    assert.equal(reader.headers['x-ratelimit-remaining'], '98')
  })

  await t.test('server errors', async () => {
    await apiFailure(client('broken').customers.list(), 503)
  })

  await t.test('an answer that ends too early', async () => {
    const error = await failure(client('truncated').customers.list())
    assert.ok(CommerceLayerStatic.isSdkError(error))
    assert.equal(error.type, 'parse')
  })
})
