// Prisma's command line on its engine's WebAssembly build, as tests/prisma/prisma.config.mjs has it, with a shadow database of its own: the
// adapter's takes the one that a connection string names.
import { createRequire } from 'node:module'

const { PrismaPg } = createRequire(`${process.env.PRISMA_INSTALL}/`)('@prisma/adapter-pg')
const AS_TEXT = { 18: 25, 19: 25, 1003: 1009 }

async function patched(connecting) {
  const adapter = await connecting
  const ask = adapter.performIO.bind(adapter)
  adapter.performIO = async (query) => {
    const result = await ask(query)
    for (const field of result.fields) field.dataTypeID = AS_TEXT[field.dataTypeID] ?? field.dataTypeID
    return result
  }
  adapter.executeScript = async (script) => {
    await adapter.underlyingDriver().query(script).catch((error) => adapter.onError(error))
  }
  return adapter
}

class Engine extends PrismaPg {
  connect() { return patched(super.connect()) }
  connectToShadowDb() { return patched(super.connectToShadowDb()) }
}

const url = new URL(process.env.DATABASE_URL)

export default {
  schema: process.env.PRISMA_TEST_SCHEMA,
  migrations: { path: process.env.PRISMA_TEST_MIGRATIONS },
  experimental: { adapter: true },
  engine: 'js',
  adapter: async () => new Engine({
    host: url.hostname, port: Number(url.port), user: decodeURIComponent(url.username), password: decodeURIComponent(url.password),
    database: url.pathname.slice(1), max: 1,
  }),
}
